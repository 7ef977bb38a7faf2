// Command unpark starts Unpark from a Go project, without npm:
//
//	go run example.com/unpark/launcher/cmd/unpark@latest test ./...
//	go get -tool example.com/unpark/launcher/cmd/unpark && go tool unpark test ./...
//
// The program itself is TypeScript. It lies in this module as one archive, which is unpacked once into the user's cache
// folder; Node 20 or later of the PATH runs it. Where there is no such Node, $UNPARK_SINGLE_FILE may name the single
// executable of this release: its SHA-256 must be one of those that this module was released with (checksums.txt).
//
// The module path is a placeholder: nothing is published yet (RELEASE.md).
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// oldestNode is the oldest major version of Node that runs Unpark.
const oldestNode = 20

//go:embed program.bin
var program []byte

//go:embed checksums.txt
var checksums string

func main() {
	command, err := find()
	if err != nil {
		fmt.Fprintln(os.Stderr, "unpark:", err)
		os.Exit(2)
	}
	os.Exit(start(command, os.Args[1:]))
}

// find answers the words of the command that runs Unpark here.
func find() ([]string, error) {
	if file := os.Getenv("UNPARK_SINGLE_FILE"); file != "" {
		return []string{file}, checkSingleFile(file)
	}
	node, err := findNode()
	if err != nil {
		return nil, err
	}
	folder, err := unpacked()
	if err != nil {
		return nil, err
	}
	return []string{node, filepath.Join(folder, "bin", "unpark.js")}, nil
}

func findNode() (string, error) {
	const advice = "install Node 20 or later, or set UNPARK_SINGLE_FILE to the single executable of this release"
	node, err := exec.LookPath("node")
	if err != nil {
		return "", errors.New("there is no node in the PATH; " + advice)
	}
	out, err := exec.Command(node, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w; %s", node, err, advice)
	}
	version := strings.TrimSpace(string(out))
	match := regexp.MustCompile(`^v(\d+)\.`).FindStringSubmatch(version)
	if match == nil {
		return "", fmt.Errorf("%s says it is version %q; %s", node, version, advice)
	}
	if major, _ := strconv.Atoi(match[1]); major < oldestNode {
		return "", fmt.Errorf("%s is Node %s; %s", node, version, advice)
	}
	return node, nil
}

func checkSingleFile(file string) error {
	bytes, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("UNPARK_SINGLE_FILE: %w", err)
	}
	sum := sha256.Sum256(bytes)
	for scanner := bufio.NewScanner(strings.NewReader(checksums)); scanner.Scan(); {
		if fields := strings.Fields(scanner.Text()); len(fields) == 2 && fields[0] == hex.EncodeToString(sum[:]) {
			return nil
		}
	}
	return fmt.Errorf("UNPARK_SINGLE_FILE: %s is not a file of this release (its SHA-256 is %x)", file, sum)
}

// unpacked answers the folder that holds the program, after unpacking it if it is not there yet. It is unpacked beside
// and renamed, so that two that start at once cannot see half a program.
func unpacked() (string, error) {
	cache, err := cacheFolder()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(program)
	folder := filepath.Join(cache, "program", hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(filepath.Join(folder, "package.json")); err == nil {
		return folder, nil
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return "", fmt.Errorf("cannot unpack Unpark: %w; set UNPARK_CACHE to a folder that can be written", err)
	}
	beside, err := os.MkdirTemp(filepath.Dir(folder), "unpack-")
	if err != nil {
		return "", fmt.Errorf("cannot unpack Unpark: %w; set UNPARK_CACHE to a folder that can be written", err)
	}
	defer os.RemoveAll(beside)
	if err := unpack(beside); err != nil {
		return "", fmt.Errorf("cannot unpack Unpark into %s: %w", folder, err)
	}
	if err := os.Rename(beside, folder); err != nil {
		if _, there := os.Stat(filepath.Join(folder, "package.json")); there != nil {
			return "", fmt.Errorf("cannot unpack Unpark into %s: %w", folder, err)
		}
	}
	return folder, nil
}

func cacheFolder() (string, error) {
	if named := os.Getenv("UNPARK_CACHE"); named != "" {
		return named, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("%w; set UNPARK_CACHE to a folder that can be written", err)
	}
	return filepath.Join(cache, "unpark"), nil
}

// unpack writes the archive's files: a line of JSON with names and sizes, then the bytes one after the other, gzipped
// (scripts/release/archive.mjs).
func unpack(folder string) error {
	zipped, err := gzip.NewReader(bytes.NewReader(program))
	if err != nil {
		return err
	}
	reader := bufio.NewReader(zipped)
	line, err := reader.ReadBytes('\n')
	if err != nil {
		return err
	}
	var header struct{ Files [][2]any }
	if err := json.Unmarshal(line, &header); err != nil {
		return err
	}
	for _, entry := range header.Files {
		name, _ := entry[0].(string)
		size, _ := entry[1].(float64)
		if !filepath.IsLocal(name) {
			return fmt.Errorf("the archive names %q", name)
		}
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		content := make([]byte, int(size))
		if _, err := io.ReadFull(reader, content); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// start runs the command to its end and answers its exit code. Signals reach the child by the terminal's process group;
// those sent to this process alone are passed on.
func start(command, args []string) int {
	child := exec.Command(command[0], append(command[1:], args...)...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, forwarded...)
	if err := child.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "unpark:", err)
		return 2
	}
	go func() {
		for one := range signals {
			// A child that has just ended cannot be signalled: nothing to do about that.
			_ = child.Process.Signal(one)
		}
	}()
	err := child.Wait()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode()
	default:
		fmt.Fprintln(os.Stderr, "unpark:", err)
		return 2
	}
}

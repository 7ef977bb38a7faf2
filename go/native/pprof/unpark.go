package pprof

import (
	"strconv"
	"strings"
	"unsafe"
)

// The owner of a goroutine is the label unpark, first of its labels: "17 TestX/sub". The layout of labelMap, a slice of
// pairs of strings, is the same in Go 1.24 to 1.27; only the types' names differ.
const unparkKey = "unpark"

type unparkLabel struct{ key, value string }

type unparkLabels struct{ list []unparkLabel }

func unparkCurrent() string {
	labels := (*unparkLabels)(runtime_getProfLabel())
	if labels == nil || len(labels.list) == 0 || labels.list[0].key != unparkKey {
		return ""
	}
	return labels.list[0].value
}

// UnparkSetOwner labels this goroutine and, with it, all that it starts; the user's own labels stay. "": no owner.
// Gives, in the deep form, the number of goroutines that carry the label.
func UnparkSetOwner(owner string) (live *uint32) {
	if owner != "" {
		owner, live = unparkValue(owner)
	}
	var rest []unparkLabel
	if labels := (*unparkLabels)(runtime_getProfLabel()); labels != nil {
		rest = labels.list
		if len(rest) > 0 && rest[0].key == unparkKey {
			rest = rest[1:]
		}
	}
	runtime_setProfLabel(unparkWith(owner, rest))
	return live
}

func unparkWith(owner string, rest []unparkLabel) unsafe.Pointer {
	if owner == "" {
		if len(rest) == 0 {
			return nil
		}
		return unsafe.Pointer(&unparkLabels{rest})
	}
	list := make([]unparkLabel, 0, 1+len(rest))
	return unsafe.Pointer(&unparkLabels{append(append(list, unparkLabel{unparkKey, owner}), rest...)})
}

// unparkKeep: SetGoroutineLabels replaces all labels; the owner outlives that.
func unparkKeep(labels *labelMap) unsafe.Pointer {
	owner := unparkCurrent()
	if owner == "" {
		return unsafe.Pointer(labels)
	}
	var rest []unparkLabel
	if labels != nil {
		rest = (*unparkLabels)(unsafe.Pointer(labels)).list
	}
	return unparkWith(owner, rest)
}

// unparkInText: Go 1.26 writes `labels:{"unpark": "17 TestX"}`, 1.27 `{unpark: "17 TestX"}`.
func unparkInText(dump string) bool {
	return strings.Contains(dump, `{"`+unparkKey+`": "`) || strings.Contains(dump, "{"+unparkKey+": ")
}

// UnparkOwnerOf reads the owner's number out of a goroutine's header line; 0: none.
func UnparkOwnerOf(header string) int {
	for _, mark := range []string{`{"` + unparkKey + `": "`, "{" + unparkKey + `: "`} {
		if _, rest, found := strings.Cut(header, mark); found {
			number, _, _ := strings.Cut(rest, " ")
			id, _ := strconv.Atoi(number)
			return id
		}
	}
	return 0
}

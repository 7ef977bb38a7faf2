import assert from "node:assert/strict";
import { test } from "node:test";
import { inAddress, publicName, publicWords, secretsIn, without } from "./public-name.js";

test("a source's public name has neither password nor token, and is otherwise as it was written", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["http://127.0.0.1:6060", "http://127.0.0.1:6060"],
    ["http://127.0.0.1:6060/debug/pprof/goroutine?debug=2", "http://127.0.0.1:6060/debug/pprof/goroutine?debug=2"],
    ["http://alice:hunter2@host/d", "http://host/d"],
    ["HTTPS://alice:hunter2@host/d", "HTTPS://host/d"],
    ["http://hunter2@host/d", "http://host/d"],
    ["http://alice:hun@ter2@host/d", "http://host/d"],
    ["http://alice:hunter2@[::1]:80/d", "http://[::1]:80/d"],
    ["http://alice:hunter2@", "http://"],
    ["http://alice:hunter2@bad host", "http://bad host"],
    ["ftp://alice:hunter2@host/x", "ftp://host/x"],
    ["alice:hunter2@host:6060", "host:6060"],
    ["alice:hunter2@localhost:6060/d", "localhost:6060/d"],
    ["http://host/d?token=hunter2", "http://host/d?token=***"],
    ["http://host/d?debug=1&token=hunter2&x=hunter2", "http://host/d?debug=1&token=***&x=***"],
    ["http://host?hunter2", "http://host?***"],
    ["http://host/?debug=hunter2", "http://host/?debug=***"],
    ["http://host/#hunter2", "http://host/"],
    ["http://host/?a=b#hunter2", "http://host/?a=***"],
    ["localhost:6060/d?token=hunter2", "localhost:6060/d?token=***"],
    ["unix:/run/app.sock:/d?token=hunter2", "unix:/run/app.sock:/d?token=***"],
    ["gops:alice:hunter2@host:1234", "gops:host:1234"],
    ["pid:4711", "pid:4711"],
    ["dump?.txt", "dump?.txt"],
    ["a@b:c.txt", "a@b:c.txt"],
    ["C:\\dumps\\one.txt", "C:\\dumps\\one.txt"],
    ["one\u001b[31m.txt", "one\\x1b[31m.txt"],
  ];
  for (const [source, name] of rows) {
    assert.equal(publicName(source), name, source);
    assert.equal(publicName(name), name, `${source}, twice`);
  }
  // Found by the fuzzer: the password of an address with a parameter that is called as secrets are.
  assert.deepEqual(publicWords(["http://alice:hunter2@h/?token=s3cret", "--url=http://alice:hunter2@h/?token=s3cret", "--tok\u0007en=x"]), ["http://h/?token=***", "--url=http://h/?token=***", "--tok\\x07en=x"]);
  assert.ok(secretsIn(["http://alice:hunter2@h/?token=s3cret"]).includes("hunter2"));
  // A quote ended the address, and what stood behind it was said.
  assert.equal(publicName("https://h/p?x='y&token=hunter2"), "https://h/p?x=***&token=***");
  assert.equal(publicName("https://h/it's?token=hunter2"), "https://h/it's?token=***");
  assert.equal(publicName("https://alice:hun'ter2@h/"), "https://h/");
  assert.ok(inAddress("https://alice:hun'ter2@h/?k='abcd").includes("hun'ter2"));
  assert.equal(publicName("'http://alice:hunter2@h/x?t=1' is not a URL"), "'http://h/x?t=***' is not a URL");
});

test("a command line's secrets are hidden, also those of its flags", () => {
  const words = ["unpark", "inspect", "--user", "alice:hunter2", "--header=X-Token: hunter3", "--password=hunter4", "--api-key", "hunter5", "http://a:hunter6@h/?t=hunter7", "TOKEN=hunter8", "--max", "3"];
  assert.deepEqual(publicWords(words), ["unpark", "inspect", "--user", "***", "--header=***", "--password=***", "--api-key", "***", "http://h/?t=***", "TOKEN=***", "--max", "3"]);
  const found = secretsIn(words);
  for (let n = 2; n <= 8; n++) assert.ok(found.includes(`hunter${n}`), `hunter${n} of ${found.join(" ")}`);
  assert.equal(without(found, "bad token hunter3 for alice:hunter2"), "bad token *** for ***");
  assert.deepEqual(without(inAddress("http://a:p%20word@h/"), "p word, p%20word"), "***, ***");
});

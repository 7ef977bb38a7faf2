import assert from "node:assert/strict";
import { it } from "node:test";
import { testsIn } from "./test-names.js";

const SOURCE = `package p_test

import tt "testing"

func TestMain(m *tt.M) {}

func TestOne(t *tt.T) {}

func Testify(t *tt.T) {}

func Test_under(*tt.T) {}

func Test(t *tt.T) {}

func TestÄ(t *tt.T) {}

func TestHelper(t *tt.T, n int) {}

func (s *suite) TestMethod(t *tt.T) {}

func FuzzBytes(f *tt.F) {}

func BenchmarkIt(b *tt.B) {}

func ExampleOf() {
	println(1)
	// Output:
	// 1
}

func Example_unordered() {
	println(1)
	/* Unordered output: 1 */
}

func ExampleSilent() {
	// Output: is not at the end
	println(1)
}
`;

it("finds what cmd/go would run", () => {
  assert.deepEqual(
    testsIn(SOURCE, "p_test.go").map((test) => `${test.line} ${test.kind} ${test.name}`),
    [
      "7 test TestOne",
      "11 test Test_under",
      "13 test Test",
      "15 test TestÄ",
      "21 fuzz FuzzBytes",
      "23 benchmark BenchmarkIt",
      "25 example ExampleOf",
      "31 example Example_unordered",
    ],
  );
});

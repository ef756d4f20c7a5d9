package parse

import "testing"

// BenchmarkRead is a question of ten words, as most are: of these nothing must be read
// twice.
func BenchmarkRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		readAsked("When did the Ottoman army begin the siege of Constantinople?")
	}
}

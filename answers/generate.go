package answers

// What is learned ships as files. The first is learned across packs and takes the better
// part of an hour; the second is learned of the packs inside the program, with the first.

//go:generate go test . -run TestLearnDecisions -learn -timeout 120m
//go:generate go run ./tools/ship -dir shipped

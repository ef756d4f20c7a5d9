package dialog

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"footnote/bot"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An action is what a button does. It travels through the platform and back as
// at most MaxAction bytes, and holds all that is needed, so that buttons work
// after a restart. What comes back may be old or forged: nothing in it is
// trusted, and parseAction accepts only what String could have written.
//
//	1 c OWNER : FACT        1 s FORMAT|empty : FACT
//	1f:FACT  1d:FACT  1r:FACT  1m:FACT  1i:FACT  1p:FACT  1w:FACT|empty  1x:FACT|empty
//	1 l LIST : PAGE : ARG
//	1h:QUESTION  1n:QUESTION  1o:QUESTION  1q:QUESTION
//	1e: SETTING : VALUE
//	1z r|w NUMBER : FACT          1y:TOPIC|empty
//
// The leading 1 is the version of the format.
type action struct {
	verb  verb
	fact  string // id of a fact
	owner string // for choose: ownerOf the person who may press
	list  byte   // for turn: which list; for set: which setting
	page  int    // for turn: from 1
	arg   string // for turn: the topic or the words of the list, or empty; for opinions: the question; for set: the value; for source: a format, or empty; for mark: markRight or markWrong with a number; for quiz: what it is about
}

type verb byte

const (
	doChoose    verb = 'c' // answer with a fact that was offered to one person
	doFact      verb = 'f' // answer with a fact
	doSource    verb = 's' // full citations of a fact
	doDetail    verb = 'd' // the long text of a fact
	doRelated   verb = 'r' // the facts related to a fact
	doPositions verb = 'p' // who says what about a fact
	doImage     verb = 'i' // the pictures of a fact
	doTimeline  verb = 'm' // what happened when, around a fact
	doWhy       verb = 'w' // why the last question was answered with a fact, or not at all
	doTurn      verb = 'l' // a page of a list

	doHelpful   verb = 'h' // the answer to a question helped
	doUnhelpful verb = 'n' // it did not
	doNone      verb = 'o' // none of the choices was meant
	doWanted    verb = 'q' // the curators are asked for an answer

	doSet verb = 'e' // change a setting of the chat it is pressed in

	doReport verb = 'x' // tell the curators that something is wrong with a fact, or ask them

	doMark verb = 'z' // an answer to a quiz question was chosen; arg says whether it is right
	doQuiz verb = 'y' // another question; arg is what it is to be about, or empty
)

// The lists that have pages.
const (
	listTopics   byte = 't'
	listTopic    byte = 'f' // the facts of a topic; arg is its name
	listSearch   byte = 's' // arg is what was searched for
	listChanges  byte = 'k' // what changed between versions
	listSources  byte = 'c' // the citations of a fact; arg is its id
	listWorks    byte = 'w' // the bibliography of all sources
	listTimeline byte = 'm' // the events of a series
	listImages   byte = 'i' // the pictures of a fact; arg is its id
	listAbout    byte = 'a' // what there is of a person, a year or a topic; arg is its name
)

// Whether an answer to a quiz question is right, as in an action; the number of the answer stands
// behind it.
const (
	markRight = "r"
	markWrong = "w"
)

const (
	actionVersion = "1"
	ownerLen      = 6  // 30 bits: enough that nobody in one chat is taken for another
	maxFactID     = 48 // of footnote/1
	maxPage       = 99
)

var errAction = errors.New("not an action of this program")

// String writes a. It returns "" if a does not fit MaxAction or is not valid,
// and then there can be no such button.
func (a action) String() string {
	s := actionVersion + string(a.verb)
	switch a.verb {
	case doChoose:
		s += a.owner + ":" + a.fact
	case doSource, doMark:
		s += a.arg + ":" + a.fact
	case doQuiz:
		s += ":" + a.arg
	case doTurn:
		s += string(a.list) + ":" + strconv.Itoa(a.page) + ":" + a.arg
	case doHelpful, doUnhelpful, doNone, doWanted:
		s += ":" + a.arg
	case doSet:
		s += ":" + string(a.list) + ":" + a.arg
	default:
		s += ":" + a.fact
	}
	if b, err := parseAction(s); err != nil || b != a {
		return ""
	}
	return s
}

// parseAction reads what String wrote, and nothing else.
func parseAction(s string) (action, error) {
	rest, ok := strings.CutPrefix(s, actionVersion)
	if !ok || len(s) > bot.MaxAction || rest == "" {
		return action{}, errAction
	}
	a := action{verb: verb(rest[0])}
	head, tail, ok := strings.Cut(rest[1:], ":")
	if !ok {
		return action{}, errAction
	}
	switch a.verb {
	case doChoose:
		a.owner, a.fact = head, tail
		if len(head) != ownerLen || strings.Trim(head, base32Letters) != "" || !isFactID(tail) {
			return action{}, errAction
		}
	case doSource:
		a.arg, a.fact = head, tail
		if head != "" && formatNames[head] == "" || !isFactID(tail) {
			return action{}, errAction
		}
	case doMark:
		a.arg, a.fact = head, tail
		if len(head) != 2 || head[:1] != markRight && head[:1] != markWrong || head[1] < '1' || head[1] > '9' || !isFactID(tail) {
			return action{}, errAction
		}
	case doQuiz:
		a.arg = tail
		if head != "" || tail != "" && !isArg(tail) {
			return action{}, errAction
		}
	case doFact, doDetail, doRelated, doTimeline, doImage, doPositions, doReport, doWhy:
		a.fact = tail
		if head != "" || !isFactID(tail) && (a.verb != doWhy && a.verb != doReport || tail != "") {
			return action{}, errAction
		}
	case doHelpful, doUnhelpful, doNone, doWanted:
		a.arg = tail
		if head != "" || !isQuestionID(tail) {
			return action{}, errAction
		}
	case doSet:
		of, arg, _ := strings.Cut(tail, ":")
		if head != "" || len(of) != 1 || !isSetting(of[0], arg) {
			return action{}, errAction
		}
		a.list, a.arg = of[0], arg
	case doTurn:
		page, arg, ok := strings.Cut(tail, ":")
		n, err := strconv.Atoi(page)
		if !ok || len(head) != 1 || err != nil || strconv.Itoa(n) != page || n < 1 || n > maxPage {
			return action{}, errAction
		}
		a.list, a.page, a.arg = head[0], n, arg
		switch a.list {
		case listTopics, listChanges, listWorks:
			ok = arg == ""
		case listSources, listImages:
			ok = isFactID(arg)
		case listTopic, listSearch, listAbout:
			ok = isArg(arg)
		case listTimeline:
			ok = isArg(arg) && series(arg).valid()
		default:
			ok = false
		}
		if !ok {
			return action{}, errAction
		}
	default:
		return action{}, errAction
	}
	return a, nil
}

// listed names the list that a turns a page of.
func (a action) listed() string { return string(a.list) + a.arg }

// isFactID reports whether s is an id as footnote/1 defines it.
func isFactID(s string) bool {
	if s == "" || len(s) > maxFactID || s[0] == '-' || s[len(s)-1] == '-' || strings.Contains(s, "--") {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// isArg reports whether s is readable text.
func isArg(s string) bool {
	return s != "" && utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}

// ownerOf is a short name of a person that fits a button. It is no secret: it
// only keeps one person's choices from being taken by another in passing.
func ownerOf(platform bot.Platform, id bot.UserID) string {
	sum := sha256.Sum256([]byte(string(platform) + "\x00" + string(id)))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:ownerLen])
}

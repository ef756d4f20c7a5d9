package telegramtest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// reply is what the fake answered.
type reply struct {
	OK         bool            `json:"ok"`
	Code       int             `json:"error_code"`
	Text       string          `json:"description"`
	Result     json.RawMessage `json:"result"`
	Parameters struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

func call(t *testing.T, s *Server, method string, params url.Values) (r reply) {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := c.PostForm(s.URL()+"/bot"+s.Token()+"/"+method, params)
	if err != nil {
		t.Error(err)
		return r
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if err := json.Unmarshal(body, &r); err != nil {
		t.Errorf("%s: %v in %q", method, err, body)
	}
	return r
}

func numbers(t *testing.T, r reply) (ids []int64) {
	t.Helper()
	var list []struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(r.Result, &list); err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	for _, u := range list {
		ids = append(ids, u.ID)
	}
	return ids
}

// Updates come until they are confirmed by a higher offset, and then never again.
func TestConfirmsByOffset(t *testing.T) {
	s := Start(t, Options{})
	ann := s.Person("ann")
	one := s.Say(ann, s.Private(ann), "one", nil)
	two := s.Say(ann, s.Private(ann), "two", nil)
	for range 2 {
		if ids := numbers(t, call(t, s, "getUpdates", nil)); len(ids) != 2 {
			t.Fatalf("got %v, want both", ids)
		}
	}
	if ids := numbers(t, call(t, s, "getUpdates", url.Values{"offset": {itoa(two.Update)}})); len(ids) != 1 || ids[0] != two.Update {
		t.Errorf("got %v, want %d alone", ids, two.Update)
	}
	if s.Confirmed() != one.Update || s.Unconfirmed() != 1 {
		t.Errorf("confirmed %d, %d left", s.Confirmed(), s.Unconfirmed())
	}
}

// A poll waits for news, and a second poller ends the first with 409.
func TestLongPollAndConflict(t *testing.T) {
	s := Start(t, Options{})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	first, second := make(chan reply, 1), make(chan reply, 1)
	go func() { first <- call(t, s, "getUpdates", url.Values{"timeout": {"50"}}) }()
	if err := s.WaitPolling(ctx); err != nil {
		t.Fatal(err)
	}
	go func() { second <- call(t, s, "getUpdates", url.Values{"timeout": {"50"}}) }()
	if r := <-first; r.Code != 409 {
		t.Errorf("the first poll ended with %+v", r)
	}
	if err := s.WaitPolling(ctx); err != nil {
		t.Fatal(err)
	}
	s.Say(s.Person("ann"), s.Private(s.Person("ann")), "news", nil)
	if r := <-second; !r.OK || len(numbers(t, r)) != 1 {
		t.Errorf("the second poll ended with %+v", r)
	}
}

// What a bot must not send fails the test, and is refused as Telegram refuses it.
func TestJudges(t *testing.T) {
	s := Start(t, Options{Lenient: true})
	ann := s.Person("ann")
	s.Say(ann, s.Private(ann), "x", nil)
	quiet := `&link_preview_options={"is_disabled":true}`
	for _, c := range []struct{ method, params, problem string }{
		{"sendMesage", "", "unknown"},
		{"sendMessage", "text=x", "chat_id is missing"},
		{"sendMessage", "chat_id=500000000&text=x&colour=red", "no parameter colour"},
		{"sendMessage", "chat_id=ann&text=x", "chat_id is no integer"},
		{"sendMessage", "chat_id=500000000&text=x&reply_markup=[]", "reply_markup is no object"},
		{"sendMessage", "chat_id=500000000&text=x", "link previews"},
		{"sendMessage", "chat_id=500000000&text=%20" + quiet, "text is empty"},
		{"sendMessage", "chat_id=500000000&text=" + strings.Repeat("x", 4097) + quiet, "too long"},
		{"sendMessage", "chat_id=500000000&text=" + strings.Repeat("👍", 2049) + quiet, "too long"},
		{"sendMessage", "chat_id=500000000&text=<b>x&parse_mode=HTML" + quiet, "can't find end tag"},
		{"sendMessage", "chat_id=500000000&text=x&parse_mode=Markdown" + quiet, "parse_mode"},
		{"sendMessage", "chat_id=500000000&text=hello @durov" + quiet, "ping @durov"},
		{"sendMessage", "chat_id=500000000&text=<a href=\"http://x\">x</a>&parse_mode=HTML" + quiet, "a link to"},
		{"sendMessage", `chat_id=500000000&text=x&reply_markup={"inline_keyboard":[[{"text":"a","callback_data":"` + strings.Repeat("x", 65) + `"}]]}` + quiet, "BUTTON_DATA_INVALID"},
		{"sendMessage", `chat_id=500000000&text=x&reply_markup={"inline_keyboard":[[{"text":"a"}]]}` + quiet, "unallowed"},
		{"setMyCommands", `commands=[{"command":"ASK","description":"x"}]`, "setMyCommands"},
		{"answerInlineQuery", `inline_query_id=1&results=[{"type":"article","id":"","title":"x"}]`, "RESULT_ID_INVALID"},
		{"sendMessage", "chat_id=500000000&text=<b>x</b>&parse_mode=HTML" + quiet, ""},
	} {
		before := len(s.Problems())
		v := url.Values{}
		for pair := range strings.SplitSeq(c.params, "&") {
			if k, x, ok := strings.Cut(pair, "="); ok {
				v.Set(k, strings.ReplaceAll(x, "%20", " "))
			}
		}
		r := call(t, s, c.method, v)
		got := strings.Join(s.Problems()[before:], "; ")
		if c.problem == "" && (got != "" || !r.OK) || !strings.Contains(got, c.problem) {
			t.Errorf("%s %.80s: %+v, problem %q, want %q", c.method, c.params, r, got, c.problem)
		}
	}
}

func TestParseHTML(t *testing.T) {
	for _, c := range []struct{ in, text, problem string }{
		{`<b>a</b> &lt;&gt;&amp;&quot;&#39;&#x41; <a href="https://x?a=1&amp;b=2">l</a>`, `a <>&"'A l`, ""},
		{`<blockquote expandable>x <i>y</i></blockquote>`, "x y", ""},
		{`<b><i>x</b></i>`, "", "unmatched end tag"},
		{`<b>x`, "", "can't find end tag"},
		{`</b>`, "", "unmatched end tag"},
		{`<script>x</script>`, "", "unsupported start tag"},
		{`a < b`, "", "no tag"},
		{`a > b`, "", "bare"},
		{`a & b`, "", "bare"},
		{`&nbsp;`, "", "bare"},
		{`<code><b>x</b></code>`, "", "inside"},
		{`<blockquote><blockquote>x</blockquote></blockquote>`, "", "inside"},
		{`<b class="x">x</b>`, "", "attribute"},
		{`<a href="x"y">x</a>`, "", "no tag"},
	} {
		text, _, err := ParseHTML(c.in)
		if c.problem == "" && (err != nil || text != c.text) || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
			t.Errorf("%q: %q, %v; want %q, %q", c.in, text, err, c.text, c.problem)
		}
	}
}

func TestEntities(t *testing.T) {
	got, _ := json.Marshal(entitiesOf("👍 /ask@HistBot @HistBotFake me@x @ab /not/this"))
	want := `[{"length":12,"offset":3,"type":"bot_command"},{"length":12,"offset":16,"type":"mention"}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

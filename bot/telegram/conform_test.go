package telegram_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"footnote/bot/telegram/telegramtest"
	"footnote/bot/telegram/telegramtest/apispec"
)

// TestConformance says whether the other tests' calls were held against the
// description, and that a call that breaks it would have been noticed.
func TestConformance(t *testing.T) {
	spec, err := apispec.Beside()
	if errors.Is(err, apispec.ErrAbsent) {
		t.Skip("the description of the Bot API is not beside the checkout, in ../shared/specs: calls are checked by the fake alone")
	}
	if err != nil {
		t.Fatal(err)
	}
	server := telegramtest.Start(t, telegramtest.Options{Lenient: true})
	resp, err := http.PostForm(server.URL()+"/bot"+server.Token()+"/getMe", url.Values{"colour": {"red"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if got := strings.Join(server.Problems(), "; "); !strings.Contains(got, "no parameter colour") {
		t.Errorf("the fake held a call against nothing: %q", got)
	}
	for _, c := range []struct{ method, params, want string }{
		{"sendMesage", "", "no method"},
		{"sendMessage", "chat_id=1", "required parameter text"},
		{"sendMessage", "chat_id=1&text=x&colour=red", "no parameter colour"},
		{"sendMessage", "chat_id=1&text=x&message_thread_id=x", "message_thread_id: is no Integer"},
		{"sendMessage", `chat_id=1&text=x&entities=[{"type":"bold","length":1}]`, "offset: is missing"},
		{"sendMessage", `chat_id=1&text=x&reply_markup={"inline_keyboard":[[{"text":"a","callback":"b"}]]}`, "callback: is not in InlineKeyboardButton"},
		{"sendMessage", `chat_id=1&text=x&reply_markup={"inline_keyboard":[[{"text":"a","callback_data":"` + strings.Repeat("b", 65) + `"}]]}`, "65 bytes"},
		{"sendMessage", "chat_id=1&text=" + strings.Repeat("x", 4097), "4097 characters"},
		{"answerInlineQuery", `inline_query_id=1&results=[{"type":"article","id":"1"}]`, "is missing in InlineQueryResultArticle"},
		{"answerInlineQuery", `inline_query_id=1&results=[{"type":"essay","id":"1"}]`, `no InlineQueryResult is called "essay"`},
		{"getUpdates", "allowed_updates=null", "allowed_updates: is no Array of String"},
		{"setMyCommands", `commands=[{"command":"ask","description":"x"}]&scope={"type":"everybody"}`, "scope.type"},

		{"getChatMember", "chat_id=-1001", "required parameter user_id"},
		{"getChatMember", "chat_id=-1001&user_id=ann", "user_id: is no Integer"},

		{"sendMessage", "chat_id=1&text=x&reply_to_message_id=5&disable_web_page_preview=true", ""},
		{"sendMessage", `chat_id=-1001&text=x&reply_parameters={"message_id":3,"allow_sending_without_reply":true}`, ""},
		{"sendRichMessage", `chat_id=1&rich_message={"blocks":[{"type":"paragraph","text":["a",{"type":"bold","text":{"type":"italic","text":"b"}}]}]}`, ""},
		{"sendRichMessage", `chat_id=1&rich_message={"blocks":[{"type":"paragraph","text":[{"type":"bold"}]}]}`, "text: is missing in RichTextBold"},
		{"sendRichMessage", `chat_id=1&rich_message={"blocks":[{"type":"essay","text":"a"}]}`, `no InputRichBlock is called "essay"`},
		{"sendMessage", `chat_id=-1001&text=x&receiver_user_id=5&ephemeral_message_parameters={"receiver_user_id":5,"callback_query_id":"7"}`, ""},
		{"sendMessage", `chat_id=-1001&text=x&ephemeral_message_parameters={"callback_query_id":"7"}`, "receiver_user_id: is missing"},
		{"sendMessage", `chat_id=1&text=x&reply_markup={"inline_keyboard":[[{"text":"a","copy_text":{"text":"` + strings.Repeat("c", 257) + `"}}]]}`, "257 characters"},
		{"answerGuestQuery", `guest_query_id=1&result={"type":"article","id":"1"}`, "is missing in InlineQueryResultArticle"},
		{"sendPoll", `chat_id=1&question=x&options=["a","b"]`, ""},
	} {
		got := spec.Check(c.method, form(t, c.params))
		all := strings.Join(got, "; ")
		if c.want == "" && all != "" || !strings.Contains(all, c.want) {
			t.Errorf("%s %.60s: %q, want %q", c.method, c.params, all, c.want)
		}
	}
}

// What the fake tells of a member has every field that the description says is
// always there, and no other.
func TestFakeMembers(t *testing.T) {
	spec, err := apispec.Beside()
	if errors.Is(err, apispec.ErrAbsent) {
		t.Skip("the description of the Bot API is not beside the checkout, in ../shared/specs")
	}
	if err != nil {
		t.Fatal(err)
	}
	server := telegramtest.Start(t, telegramtest.Options{})
	ann, forum := server.Person("ann"), server.Group("forum", false)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for status, object := range map[string]string{"creator": "ChatMemberOwner", "administrator": "ChatMemberAdministrator", "": "ChatMemberMember"} {
		server.Admin(forum, ann, status)
		resp, err := client.PostForm(server.URL()+"/bot"+server.Token()+"/getChatMember",
			url.Values{"chat_id": {strconv.FormatInt(forum.ID, 10)}, "user_id": {strconv.FormatInt(ann.ID, 10)}})
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Result map[string]any }
		err = json.NewDecoder(resp.Body).Decode(&got)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, f := range spec.Types[object].Fields {
			known[f.Name] = true
			if _, ok := got.Result[f.Name]; f.Required && !ok {
				t.Errorf("%s: %s is missing", object, f.Name)
			}
		}
		for name := range got.Result {
			if !known[name] {
				t.Errorf("%s has no %s", object, name)
			}
		}
	}
}

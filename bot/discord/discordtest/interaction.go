package discordtest

import (
	"encoding/json"
	"net/http"
	"time"
	"unicode/utf16"
)

// An interaction is what Discord remembers of one.
type interaction struct {
	id, token string
	kind      int
	channel   string
	message   string // whose button was pressed
	user      string // name of who pressed or typed
	born      time.Time

	acked     bool
	deferred  bool // announced with a message to come
	ephemeral bool // as announced
	original  int  // index into posts + 1
	choices   []Choice
}

// A Choice is a completion as the client shows it.
type Choice struct{ Name, Value string }

func (s *Server) callback(w http.ResponseWriter, r *http.Request, body []byte) {
	var cb struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if !s.strict(r, body, &cb) {
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body")
		return
	}
	var m sentMessage
	var choices struct {
		Choices *[]struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		} `json:"choices"`
	}
	ok := true
	switch cb.Type {
	case 4, 7:
		ok = s.strict(r, cb.Data, &m) && s.checkMessage(r, &m, true)
	case 5:
		if len(cb.Data) > 0 {
			var flags struct {
				Flags int `json:"flags"`
			}
			ok = s.strict(r, cb.Data, &flags)
			m.Flags = flags.Flags
		}
	case 6:
	case 8:
		ok = s.strict(r, cb.Data, &choices)
		if ok && (choices.Choices == nil || len(*choices.Choices) > maxChoices) {
			s.violate("completions: none or too many in %.200s", body)
			ok = false
		}
	default:
		s.violate("callback of type %d", cb.Type)
		ok = false
	}
	if len(filesOf(r)) > 0 && cb.Type != 4 && cb.Type != 7 {
		s.violate("callback of type %d with a file", cb.Type)
		ok = false
	}
	if !ok {
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.interactions[r.PathValue("id")]
	switch {
	case i == nil || i.token != r.PathValue("token") || !i.acked && time.Since(i.born) > s.AckWithin:
		refuse(w, http.StatusNotFound, 10062, "Unknown interaction")
		return
	case i.acked:
		refuse(w, http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
		return
	case (cb.Type == 8) != (i.kind == 4), (cb.Type == 6 || cb.Type == 7) && i.kind != 3:
		s.violateLocked("callback of type %d for an interaction of type %d", cb.Type, i.kind)
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body")
		return
	}
	i.acked = true
	switch cb.Type {
	case 4:
		s.showAnswer(i, &m, m.Flags&flagEphemeral != 0)
	case 7:
		s.showUpdate(i, &m)
	case 5:
		i.deferred, i.ephemeral = true, m.Flags&flagEphemeral != 0
	case 8:
		i.choices = []Choice{}
		for _, c := range *choices.Choices {
			if n, v := len(utf16.Encode([]rune(c.Name))), len(utf16.Encode([]rune(c.Value))); n < 1 || n > maxChoice || v < 1 || v > maxChoice {
				s.violateLocked("completion %+v", c)
			}
			i.choices = append(i.choices, Choice(c))
		}
	}
	s.touch()
	w.WriteHeader(http.StatusNoContent)
}

// byToken finds an interaction whose webhook is used. s.mu is held.
func (s *Server) byToken(token string) *interaction {
	for _, i := range s.interactions {
		if i.token == token && i.acked {
			return i
		}
	}
	return nil
}

func (s *Server) editOriginal(w http.ResponseWriter, r *http.Request, body []byte) {
	var m sentMessage
	if !s.strict(r, body, &m) || !s.checkMessage(r, &m, true) {
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.byToken(r.PathValue("token"))
	switch {
	case i == nil:
		refuse(w, http.StatusNotFound, 10015, "Unknown Webhook")
		return
	case i.deferred:
		i.deferred = false
		s.showAnswer(i, &m, i.ephemeral)
	case i.message != "":
		s.showUpdate(i, &m)
	case i.original > 0:
		s.showEdited(i, &m, s.sent[i.original-1])
	default:
		refuse(w, http.StatusNotFound, 10008, "Unknown Message")
		return
	}
	reply(w, http.StatusOK, s.messageJSON(s.sent[len(s.sent)-1].ID, i.channel, *m.Content))
}

// deleteOriginal takes an announcement away. The bot has no reason to take away anything else.
func (s *Server) deleteOriginal(w http.ResponseWriter, r *http.Request, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.byToken(r.PathValue("token"))
	switch {
	case i == nil:
		refuse(w, http.StatusNotFound, 10015, "Unknown Webhook")
		return
	case !i.deferred:
		if i.original > 0 {
			s.violateLocked("an answer was taken away")
		}
		refuse(w, http.StatusNotFound, 10008, "Unknown Message")
		return
	}
	i.deferred = false
	s.touch()
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) followUp(w http.ResponseWriter, r *http.Request, body []byte) {
	var m sentMessage
	if !s.strict(r, body, &m) || !s.checkMessage(r, &m, true) {
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.byToken(r.PathValue("token"))
	if i == nil {
		refuse(w, http.StatusNotFound, 10015, "Unknown Webhook")
		return
	}
	ephemeral := m.Flags&flagEphemeral != 0
	if i.deferred { // the first one takes the announced message's place
		i.deferred, ephemeral = false, i.ephemeral
	}
	s.showAnswer(i, &m, ephemeral)
	reply(w, http.StatusOK, s.messageJSON(s.sent[len(s.sent)-1].ID, i.channel, *m.Content))
}

// showAnswer shows an interaction's answer. s.mu is held.
func (s *Server) showAnswer(i *interaction, m *sentMessage, ephemeral bool) {
	p := s.post(m, i.channel)
	p.Interaction, p.User, p.Ephemeral = i.id, i.user, ephemeral
	s.show(p)
	if i.original == 0 {
		i.original = len(s.sent)
	}
}

// showUpdate shows the message whose button was pressed anew. s.mu is held.
func (s *Server) showUpdate(i *interaction, m *sentMessage) {
	for n := len(s.sent) - 1; n >= 0; n-- {
		if s.sent[n].ID == i.message {
			s.showEdited(i, m, s.sent[n])
			return
		}
	}
	s.violateLocked("an update of a message that nobody sent")
}

func (s *Server) showEdited(i *interaction, m *sentMessage, old Sent) {
	p := s.post(m, i.channel)
	p.ID, p.Ephemeral, p.User, p.Interaction, p.Edited = old.ID, old.Ephemeral, old.User, i.id, true
	s.show(p)
}

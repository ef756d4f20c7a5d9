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
	form      *Form
}

// A Form is what the client shows to be filled in.
type Form struct {
	CustomID string `json:"custom_id"`
	Title    string `json:"title"`
	Fields   []struct {
		Type  int    `json:"type"`
		Label string `json:"label"`
		Field struct {
			Type        int    `json:"type"`
			CustomID    string `json:"custom_id"`
			Style       int    `json:"style"`
			Placeholder string `json:"placeholder"`
			Required    bool   `json:"required"`
			MaxLength   int    `json:"max_length"`
		} `json:"component"`
	} `json:"components"`
}

// fits reports whether Discord takes the form.
func (f Form) fits() bool {
	if len(f.CustomID) == 0 || len(f.CustomID) > 100 || f.Title == "" || len([]rune(f.Title)) > 45 || len(f.Fields) == 0 || len(f.Fields) > 5 {
		return false
	}
	for _, x := range f.Fields {
		if x.Type != 18 || x.Label == "" || len([]rune(x.Label)) > 45 || x.Field.Type != 4 || x.Field.CustomID == "" ||
			x.Field.Style < 1 || x.Field.Style > 2 || len([]rune(x.Field.Placeholder)) > 100 || x.Field.MaxLength < 1 || x.Field.MaxLength > 4000 {
			return false
		}
	}
	return true
}

// A Choice is a completion as the client shows it.
type Choice struct{ Name, Value string }

// A firstAnswer is the first answer to an interaction, as far as its kind has these.
type firstAnswer struct {
	kind    int
	message sentMessage
	choices []Choice
	form    *Form
}

// readAnswer reads a first answer; false if Discord would refuse it.
func (s *Server) readAnswer(r *http.Request, body []byte) (a firstAnswer, ok bool) {
	var cb struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if !s.strict(r, body, &cb) {
		return a, false
	}
	a.kind, ok = cb.Type, true
	switch cb.Type {
	case 4, 7:
		ok = s.strict(r, cb.Data, &a.message) && s.checkMessage(r, &a.message, true)
	case 5:
		if len(cb.Data) > 0 {
			var flags struct {
				Flags int `json:"flags"`
			}
			ok = s.strict(r, cb.Data, &flags)
			a.message.Flags = flags.Flags
		}
	case 6:
	case 9:
		a.form = &Form{}
		if ok = s.strict(r, cb.Data, a.form); ok && !a.form.fits() {
			s.violate("a form that Discord refuses: %.300s", body)
			ok = false
		}
	case 8:
		var list struct {
			Choices *[]struct {
				Name  string `json:"name"`
				Value string `json:"value"`
			} `json:"choices"`
		}
		ok = s.strict(r, cb.Data, &list)
		if ok && (list.Choices == nil || len(*list.Choices) > maxChoices) {
			s.violate("completions: none or too many in %.200s", body)
			ok = false
		}
		a.choices = []Choice{}
		for i := 0; ok && i < len(*list.Choices); i++ {
			c := Choice((*list.Choices)[i])
			if n, v := len(utf16.Encode([]rune(c.Name))), len(utf16.Encode([]rune(c.Value))); n < 1 || n > maxChoice || v < 1 || v > maxChoice {
				s.violate("completion %+v", c)
			}
			a.choices = append(a.choices, c)
		}
	default:
		s.violate("callback of type %d", cb.Type)
		ok = false
	}
	if len(filesOf(r)) > 0 && cb.Type != 4 && cb.Type != 7 {
		s.violate("callback of type %d with a file", cb.Type)
		ok = false
	}
	return a, ok
}

func (s *Server) callback(w http.ResponseWriter, r *http.Request, body []byte) {
	a, ok := s.readAnswer(r, body)
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
	case (a.kind == 8) != (i.kind == 4), (a.kind == 6 || a.kind == 7) && i.kind != 3, a.kind == 9 && i.kind == 5:
		s.violateLocked("callback of type %d for an interaction of type %d", a.kind, i.kind)
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body")
		return
	}
	i.acked = true
	private := a.message.Flags&flagEphemeral != 0
	switch a.kind {
	case 4:
		s.showAnswer(i, &a.message, private)
	case 7:
		s.showUpdate(i, &a.message)
	case 5:
		i.deferred, i.ephemeral = true, private
	case 8:
		i.choices = a.choices
	case 9:
		i.form = a.form
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
	if old.Laid && !p.Laid {
		s.violateLocked("a message of components cannot become one of text")
	}
	p.ID, p.Ephemeral, p.User, p.Interaction, p.Edited = old.ID, old.Ephemeral, old.User, i.id, true
	s.show(p)
}

package strictyaml

import (
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v4"
)

// A Map is a map of a file: its keys, each once, in the order of the file.
type Map struct {
	node   *Node
	keys   []string
	values map[string]*Node
	keyAt  map[string]*Node
	meant  map[string]bool // keys that stand here misspelt, which is a problem already
	odd    Severity        // of a key that stands twice, or has nothing after its colon
}

// Map returns the node as a map that may have only the given keys. An unknown
// key is an error that names the key it was probably meant to be, or else all
// that are known. On anything but a map it adds an error and returns an empty
// Map.
func (n *Node) Map(known ...string) *Map { return n.MapWith(nil, known...) }

// MapWith is [Node.Map] for a map in which people write keys that belong elsewhere: elsewhere
// says of such a key what to do with it.
func (n *Node) MapWith(elsewhere map[string]string, known ...string) *Map {
	m := n.AnyMap("")
	for _, k := range m.keys {
		if slices.Contains(known, k) {
			continue
		}
		if to := elsewhere[k]; to != "" {
			m.keyAt[k].Errorf("unknown key here; %s", to)
			continue
		}
		meant := n.suggest(k, known)
		if meant == "" {
			m.keyAt[k].Errorf("unknown key; known here are %s", strings.Join(known, ", "))
			continue
		}
		m.keyAt[k].Errorf("unknown key (did you mean %s?)", meant)
		m.meant[meant] = true
	}
	return m
}

// AnyMap returns the node as a map with any keys, in the order of the file. The
// error on anything else names what was expected, e.g. "a map of languages"; an
// empty what stands for "a map".
func (n *Node) AnyMap(what string) *Map { return n.anyMap(what, Error) }

// ForeignMap is [Node.AnyMap] for what another program wrote, which the person who
// saved it cannot help: a key that stands a second time, or has nothing after its
// colon, is a warning.
func (n *Node) ForeignMap(what string) *Map { return n.anyMap(what, Warning) }

func (n *Node) anyMap(what string, odd Severity) *Map {
	m := &Map{node: n, values: map[string]*Node{}, keyAt: map[string]*Node{}, meant: map[string]bool{}, odd: odd}
	if n == nil {
		return m
	}
	if n.y.Kind != yaml.MappingNode {
		if what == "" {
			what = "a map (key: value)"
		}
		n.expected(what)
		return m
	}
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		ky := n.y.Content[i]
		key := &Node{t: n.t, y: ky, path: join(n.path, ky.Value)}
		if ky.Kind != yaml.ScalarNode {
			key.path = n.path
			key.Errorf("a key must be a single word, found %s", key.Describe())
			continue
		}
		if first, dup := m.keyAt[ky.Value]; dup {
			switch {
			case ky.Value == m.keys[0] && len(m.keys) > 1: // what follows is another entry
				key.Errorf("the key stands here a second time; the first is in line %d. If a new entry begins here, put a dash and a space before it: - %s", first.Line(), clip(ky.Value)+": …")
				return m
			case odd == Warning:
				key.Warnf("the key stands here a second time; the first is in line %d and is the one that counts", first.Line())
			default:
				key.Errorf("the key stands here a second time; the first is in line %d", first.Line())
			}
			continue
		}
		m.keys = append(m.keys, ky.Value)
		m.keyAt[ky.Value] = key
		m.values[ky.Value] = &Node{t: n.t, y: n.y.Content[i+1], path: key.path}
	}
	return m
}

// Node returns the node that the map was read from.
func (m *Map) Node() *Node { return m.node }

// Keys returns the keys in the order of the file.
func (m *Map) Keys() []string { return m.keys }

// Key returns the node of the key itself, for problems that concern the key; nil
// if the map has no such key.
func (m *Map) Key(key string) *Node { return m.keyAt[key] }

// Get returns the value of key. It is nil if the key is missing, and also if
// nothing stands after the colon, which is a problem unless the value is written
// out as null or ~.
func (m *Map) Get(key string) *Node {
	v := m.values[key]
	if v == nil || !v.null() {
		return v
	}
	if v.y.Value == "" {
		m.keyAt[key].add(m.odd, "nothing stands after the colon; fill it in or delete the key", nil)
		v.y.Value = "~" // said once
	}
	return nil
}

// Required is [Map.Get] for a key that must be there; its lack is an error.
func (m *Map) Required(key string) *Node {
	if m.node.IsMap() && m.values[key] == nil && !m.meant[key] {
		m.node.Errorf("%s is missing", key)
	} else if v := m.values[key]; v != nil && v.null() && v.y.Value != "" {
		m.keyAt[key].Errorf("a value is needed here")
	}
	return m.Get(key)
}

// Has reports whether the key is there, with or without a value.
func (m *Map) Has(key string) bool { return m.values[key] != nil }

// Peek returns the text that stands under key in a map, without any check; "" if the
// node is no map or has no such text.
func (n *Node) Peek(key string) string {
	if n.IsMap() {
		for i := 0; i+1 < len(n.y.Content); i += 2 {
			if v := n.y.Content[i+1]; n.y.Content[i].Value == key && v.Kind == yaml.ScalarNode && v.Tag != "!!null" {
				return v.Value
			}
		}
	}
	return ""
}

// Peek returns the text of key as it stands, without any check.
func (m *Map) Peek(key string) string {
	if v := m.values[key]; v.IsText() {
		return v.y.Value
	}
	return ""
}

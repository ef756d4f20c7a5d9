package bot

// A CommandText describes a command to people, for the menus of platforms.
type CommandText struct {
	Name         string            // without slash
	Option       bool              // it takes text
	Descriptions map[string]string // by language of Languages; at most 100 characters each
}

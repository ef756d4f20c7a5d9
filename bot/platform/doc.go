// Package platform is the kit of the chat adapters: what each of them needs and
// none should write for itself. It imports package bot and no platform's library,
// and it decides nothing that differs between platforms.
//
// What an adapter does in its own way although another does the like says why
// where it stands.
package platform

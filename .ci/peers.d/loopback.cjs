// Keeps a process on the loopback interface: whatever listens does so on
// 127.0.0.1, and a connection to anywhere else fails. discord-digital-twin
// listens on every interface when it is left alone.
"use strict";
const net = require("node:net");

const loopback = (host) => !host || host === "localhost" || host === "::1" || host.startsWith("127.");

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (first, ...rest) {
  if (first && typeof first === "object" && first.port !== undefined) {
    return listen.call(this, { ...first, host: "127.0.0.1" }, ...rest);
  }
  if (!Number.isNaN(Number.parseInt(first, 10))) {
    const others = rest.filter((x) => typeof x !== "string");
    return listen.call(this, { port: Number(first), host: "127.0.0.1" }, ...others.filter((x) => typeof x === "function"));
  }
  return listen.call(this, first, ...rest);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = options && typeof options === "object" ? options.host : args[1];
  if (typeof host === "string" && !loopback(host)) {
    process.nextTick(() => this.destroy(new Error(`connections to ${host} are not allowed here`)));
    return this;
  }
  return connect.apply(this, args);
};

// Loaded into node before a program: leads connections to this machine to other ports.
// PORTS says which, such as {"443": 40001}.
import net from "node:net";

const ports = JSON.parse(process.env.PORTS);
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...words) {
  const target = Array.isArray(words[0]) ? words[0][0] : words[0];
  if (target.host === "localhost" && target.port in ports) {
    target.port = ports[target.port];
  }
  return connect.apply(this, words);
};

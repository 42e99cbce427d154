// Socket.IO as its documentation begins, WebSocket only and without compression: node server.mjs PORT
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
io.on('connection', (socket) => socket.on('publish', (message) => io.emit('m', message)));
http.listen(Number(process.argv[2]), '127.0.0.1');

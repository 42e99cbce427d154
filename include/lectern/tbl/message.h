/* message.h - everything that crosses the WebSocket, subprotocols lectern.v1 (msgpack) and lectern.v1.json.
 *
 * A message is an array: its word, then its FIELDS in this order. Commands (command.h) are messages too: their word,
 * the 128-bit command id, then their fields. Both sides ignore fields beyond those they know.
 * Records (question, info) are arrays of their own fields, without a word in front.
 *
 * Field types: str · id and number (integers; an id is 1 to 2^53-1, or 0 for none) · flag (boolean) · command_id
 * (16 bytes; 32 hexadecimal digits in JSON) · ids (array of ids or counts) · numbers · the word lists of words.h (as
 * their word) · question, info (records) · questions (array of question records) · something_or_nil.
 */
#ifndef LECTERN_TBL_MESSAGE_H
#define LECTERN_TBL_MESSAGE_H

/* From the client, besides commands. */
#define LECTERN_CLIENT_MESSAGES(X) \
    X(HELLO, hello, LECTERN_FIELDS_HELLO) \
    X(PING, ping, LECTERN_FIELDS_PING) \
    X(MORE, more, LECTERN_FIELDS_MORE)

/* The first message of a connection. `code` is the session's join code, `held` the last seq the client holds (0: none),
 * `token` what `welcome` gave a client that keeps no cookies (browsers send ""). */
#define LECTERN_FIELDS_HELLO(F) F(str, code) F(page, page) F(id, held) F(str, token)
#define LECTERN_FIELDS_PING(F) F(number, sent)
/* Attendees get a window of the questions; this asks for more of one list (popular, newest, answered). */
#define LECTERN_FIELDS_MORE(F) F(str, list) F(number, offset)

/* From the server. */
#define LECTERN_SERVER_MESSAGES(X) \
    X(WELCOME, welcome, LECTERN_FIELDS_WELCOME) \
    X(SNAPSHOT, snapshot, LECTERN_FIELDS_SNAPSHOT) \
    X(LIVE, live, LECTERN_FIELDS_LIVE) \
    X(MINE, mine, LECTERN_FIELDS_MINE) \
    X(OWN, own, LECTERN_FIELDS_OWN) \
    X(PRESENCE, presence, LECTERN_FIELDS_PRESENCE) \
    X(ACK, ack, LECTERN_FIELDS_ACK) \
    X(REFUSED, refused, LECTERN_FIELDS_REFUSED) \
    X(CLOSING, closing, LECTERN_FIELDS_CLOSING) \
    X(PONG, pong, LECTERN_FIELDS_PONG) \
    X(MORE, more, LECTERN_FIELDS_MORE_REPLY)

/* `resumed`: the missing part follows as live frames (perhaps none); otherwise a snapshot follows. */
#define LECTERN_FIELDS_WELCOME(F) \
    F(role, role) F(page, page) F(id, participant) F(str, token) F(number, now) F(number, heartbeat_ms) F(flag, resumed)
/* The whole view as of `seq`: replaces what the client holds. */
#define LECTERN_FIELDS_SNAPSHOT(F) F(id, seq) F(info, info) F(questions, questions)
/* What changed in (from, to]: replace `info` unless nil, put each question in place of the one with its id, set the
 * counts (id, votes, id, votes …), drop the ids in `gone`. All values are absolute. A client that holds a seq below
 * `from` has missed something and says hello again; one that holds `to` or more ignores the frame. */
#define LECTERN_FIELDS_LIVE(F) \
    F(id, from) F(id, to) F(info_or_nil, info) F(questions, questions) F(ids, counts) F(ids, gone)
/* About the reader alone, after each hello: own questions in any state, ids voted for, feedback already given. */
#define LECTERN_FIELDS_MINE(F) F(questions, questions) F(ids, votes) F(feedback_or_nil, feedback)
/* Own questions that changed since. */
#define LECTERN_FIELDS_OWN(F) F(questions, questions)
/* People here now and the most there were; at most once a second. */
#define LECTERN_FIELDS_PRESENCE(F) F(number, here) F(number, peak)
/* Committed: this is in the database, as of `seq`. */
#define LECTERN_FIELDS_ACK(F) F(command_id, id) F(id, seq)
/* Nothing changed. `detail` is the limit that was met (characters, milliseconds …), or 0. */
#define LECTERN_FIELDS_REFUSED(F) F(command_id, id) F(refusal, refusal) F(number, detail)
/* The last message before the server closes; see close_reason.h. */
#define LECTERN_FIELDS_CLOSING(F) F(close_reason, reason) F(number, retry_ms)
#define LECTERN_FIELDS_PONG(F) F(number, sent) F(number, now)
#define LECTERN_FIELDS_MORE_REPLY(F) F(str, list) F(number, offset) F(number, total) F(questions, questions)

/* One question as its reader may see it. What the reader may not know is empty: `asker`, `original`, `note` for
 * attendees (an asker sees `note` of the own question), a private reply for all but the asker and the host side. */
#define LECTERN_RECORD_QUESTION(F) \
    F(id, id) F(question_state, state) F(number, votes) F(str, text) F(str, name) F(number, asked_at) \
    F(number, state_at) F(str, reply) F(flag, reply_private) F(reason, reason) F(str, note) F(flag, edited) \
    F(id, asker) F(flag, anonymous) F(str, original)

/* The session as its reader may see it. `policies` are numbers in the order of LECTERN_POLICIES. The totals count
 * questions; `pending` and `responses` are 0 for attendees. */
#define LECTERN_RECORD_INFO(F) \
    F(str, code) F(str, title) F(str, description) F(str, event) F(session_state, state) F(number, starts_at) \
    F(number, ends_at) F(str, timezone) F(numbers, policies) F(number, live) F(number, answered) F(number, pending) \
    F(number, votes) F(number, responses)

#define LECTERN_RECORD_FEEDBACK(F) LECTERN_FIELDS_FEEDBACK(F)

#endif

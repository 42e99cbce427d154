/* event.h - everything that can have happened in a room: X(C_NAME, word, FIELDS).
 *
 * An event is a row of room_event(room_id, seq, at, kind, actor, body). The body is a msgpack array of FIELDS in this
 * order; readers ignore fields that they do not know, writers only ever append. room_apply is the only interpreter.
 * The id of a question is the seq of its `asked` event, so the log needs no second counter.
 */
#ifndef LECTERN_TBL_EVENT_H
#define LECTERN_TBL_EVENT_H

#define LECTERN_EVENTS(X) \
    X(ASKED, asked, LECTERN_FIELDS_ASKED) \
    X(EDITED, edited, LECTERN_FIELDS_EDITED) \
    X(VOTED, voted, LECTERN_FIELDS_VOTED) \
    X(MOVED, moved, LECTERN_FIELDS_MOVED) \
    X(REPLIED, replied, LECTERN_FIELDS_REPLIED) \
    X(STATE, state, LECTERN_FIELDS_STATE) \
    X(POLICY, policy, LECTERN_FIELDS_POLICY) \
    X(DETAILS, details, LECTERN_FIELDS_DETAILS) \
    X(FEEDBACK, feedback, LECTERN_FIELDS_RESPONSES)

/* The asker is the event's actor. `state` is pending or live. */
#define LECTERN_FIELDS_ASKED(F) F(question_state, state) F(str, text) F(str, name) F(flag, anonymous)
#define LECTERN_FIELDS_EDITED(F) F(id, question) F(str, text)
/* Absolute counts of the questions whose votes changed in one commit: question, count, question, count … */
#define LECTERN_FIELDS_VOTED(F) F(ids, counts)
/* A question went to `state`. A non-empty `text` replaces the question's (edit then approve). A question that goes on
 * stage sends the one that was there back to live. */
#define LECTERN_FIELDS_MOVED(F) F(id, question) F(question_state, state) F(reason, reason) F(str, note) F(str, text)
/* `state` is the question's state afterwards. An empty text took the answer back. */
#define LECTERN_FIELDS_REPLIED(F) F(id, question) F(question_state, state) F(str, text) F(flag, private)
/* How many people have given feedback so far. What they said stays in its table. */
#define LECTERN_FIELDS_RESPONSES(F) F(number, responses)

#endif

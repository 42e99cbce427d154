/* commands.c - what a member asks for, until it is answered: sent once, and again after each loss, with the same id. */
#include <stdio.h>
#include <stdlib.h>

#include "member.h"

#define RESEND_US 250000u

void member_send(struct member *member, const struct client_message *message)
{
    static struct buf out; /* one loop, one message at a time */
    out.max = 65536;
    buf_clear(&out);
    wire_encode_client(&out, member->load->options.encoding, message);
    client_send(&member->client, buf_str(&out));
}

static void send_command(struct member *member, uint32_t index)
{
    struct load *load = member->load;
    struct sent *sent = &load->sent[index];
    struct client_message message = {.kind = CLIENT_COMMAND};
    uint64_t number = index + 1;
    sent->retry = false;
    memcpy(message.command.id.bytes, &load->nonce, 8);
    memcpy(message.command.id.bytes + 8, &number, 8);
    message.command.kind = sent->question ? COMMAND_VOTE : COMMAND_ASK;
    if (sent->question) {
        message.command.vote.question = sent->question;
        message.command.vote.on = sent->on;
    } else {
        message.command.ask.text = STR("How does this behave when the whole hall asks at once?");
        message.command.ask.name = STR("Load");
    }
    member_send(member, &message);
}

void member_send_pending(struct member *member, bool all)
{
    for (size_t i = 0; member->joined && i < member->pending_count; i++)
        if (all || member->load->sent[member->pending[i]].retry)
            send_command(member, member->pending[i]);
}

void member_command(struct member *member, uint64_t question, bool on)
{
    struct load *load = member->load;
    uint32_t index = (uint32_t)load->sent_count;
    load->sent = load_room_for(load->sent, load->sent_count, &load->sent_capacity, sizeof(*load->sent));
    load->sent[load->sent_count++] = (struct sent){
        .question = question, .on = on, .at = now_us(), .member = member->number, .measured = load->measuring};
    if (!member->pending && !(member->pending = calloc((size_t)load->options.window, sizeof(*member->pending))))
        abort();
    member->pending[member->pending_count++] = index;
    load->under_way++;
    send_command(member, index);
}

bool member_has_voted(const struct member *member, uint64_t question)
{
    for (size_t i = 0; i < member->voted_count; i++)
        if (member->voted[i] == question)
            return true;
    return false;
}

bool member_is_voting(const struct member *member, uint64_t question)
{
    for (size_t i = 0; i < member->pending_count; i++)
        if (member->load->sent[member->pending[i]].question == question)
            return true;
    return false;
}

static void remember_vote(struct member *member, uint64_t question, bool on)
{
    judge_tally(member->room, question)->votes += on ? 1 : -1;
    if (on) {
        member->voted =
            load_room_for(member->voted, member->voted_count, &member->voted_capacity, sizeof(*member->voted));
        member->voted[member->voted_count++] = question;
        return;
    }
    for (size_t i = 0; i < member->voted_count; i++)
        if (member->voted[i] == question)
            member->voted[i] = member->voted[--member->voted_count];
}

/* The command that is answered; NULL when it is not one of this member's that are under way. */
static struct sent *answered(struct member *member, const struct command_id *id)
{
    struct load *load = member->load;
    uint64_t number;
    memcpy(&number, id->bytes + 8, 8);
    bool ours = memcmp(id->bytes, &load->nonce, 8) == 0 && number > 0 && number <= load->sent_count;
    struct sent *sent = ours ? &load->sent[number - 1] : NULL;
    if (sent && sent->member == member->number && !sent->done)
        return sent;
    /* after a reconnect the answer to each sending may come */
    if (!sent || sent->member != member->number || !member->connected_before)
        load_wrong(load, "an answer to a command that was not asked");
    return NULL;
}

static void done(struct member *member, struct sent *sent)
{
    uint32_t index = (uint32_t)(sent - member->load->sent);
    sent->done = true;
    member->load->under_way--;
    for (size_t i = 0; i < member->pending_count; i++)
        if (member->pending[i] == index)
            member->pending[i] = member->pending[--member->pending_count];
}

static void measure_ack(struct load *load, const struct sent *sent)
{
    uint64_t now = now_us();
    uint64_t second =
        load->measure_began && now >= load->measure_began ? (now - load->measure_began) / 1000000 : SECONDS_MAX;
    if (sent->measured && sent->at)
        histogram_add(&load->times.ack, now - sent->at);
    if (second < SECONDS_MAX && !load->measure_ended)
        load->times.acks_by_second[second]++;
}

void member_acked(struct member *member, const struct command_id *id, seq_t seq)
{
    struct load *load = member->load;
    struct sent *sent = answered(member, id);
    if (!sent)
        return;
    done(member, sent);
    load->n.acked++;
    member->room->acked++;
    sent->seq = seq;
    measure_ack(load, sent);
    if (seq == 0)
        load_wrong(load, "an ack without a seq");
    if (seq > member->room->most_acked)
        member->room->most_acked = seq;
    if (sent->question)
        remember_vote(member, sent->question, sent->on);
    load_act(load);
}

void member_refused(struct member *member, const struct command_id *id, uint8_t refusal)
{
    struct sent *sent = answered(member, id);
    if (!sent)
        return;
    if (refusal_rows[refusal].retry) {
        member->load->n.retried++;
        sent->retry = true;
        member_wait(member, &member->resend_at, now_us() + RESEND_US);
        return;
    }
    done(member, sent);
    if (member->load->n.refused++ == 0)
        fprintf(stderr, "lectern-load: refused: %s\n", word_of(&word_list_refusal, refusal));
}

// PostgreSQL after a run: what the members saw and were promised must be what the tables hold. And how much it was asked.
import { readFileSync } from 'node:fs';
import type { System } from '../../tests/lib/procs';
import type { Rig, Room } from './rig';

/** Counting statements needs this before PostgreSQL starts. */
export const countStatements = { 'shared_preload_libraries': 'pg_stat_statements', 'pg_stat_statements.track': 'top' };

export interface Statements { reads: number; writes: number; byText: Map<string, number> }

export async function startCounting(system: System): Promise<void> {
  await system.postgres.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
}

/** Statements run so far, this function's own left out. */
export async function statements(system: System): Promise<Statements> {
  const rows = await system.postgres.query<{ query: string; calls: string }>('SELECT query, calls FROM pg_stat_statements');
  const counted: Statements = { reads: 0, writes: 0, byText: new Map() };
  for (const { query, calls } of rows) {
    if (/pg_stat_statements|loadtest|^(BEGIN|COMMIT|ROLLBACK|SET|SHOW)\b/i.test(query)) continue;
    const writes = /\b(INSERT INTO|UPDATE|DELETE FROM)\b/i.test(query);
    counted[writes ? 'writes' : 'reads'] += Number(calls);
    const text = query.replace(/\s+/g, ' ').slice(0, 100);
    counted.byText.set(text, (counted.byText.get(text) ?? 0) + Number(calls));
  }
  return counted;
}

export function since(before: Statements, now: Statements): Statements {
  const byText = new Map([...now.byText].map(([text, calls]) => [text, calls - (before.byText.get(text) ?? 0)] as const).filter(([, n]) => n > 0));
  return { reads: now.reads - before.reads, writes: now.writes - before.writes, byText };
}

// ---- the final state ----

interface Final { code: string; seq: number; acked: number; questions: Map<number, number>; votes: Set<string>; asked: Set<number> }

/** The dump of lectern-load, one line each: room CODE SEQ ACKED, then of this room: question ID VOTES, vote PERSON QUESTION, asked ID. */
export function readDump(text: string): Final[] {
  const rooms: Final[] = [];
  const room = () => rooms.at(-1)!;
  const words: Record<string, (a: string, b: string, c: string) => void> = {
    room: (code, seq, acked) => { rooms.push({ code, seq: Number(seq), acked: Number(acked), questions: new Map(), votes: new Set(), asked: new Set() }); },
    question: (id, votes) => { room().questions.set(Number(id), Number(votes)); },
    vote: (person, question) => { room().votes.add(`${person} ${question}`); },
    asked: (id) => { room().asked.add(Number(id)); },
  };
  for (const line of text.split('\n')) {
    const [word, a = '', b = '', c = ''] = line.split(' ');
    if (word) words[word]?.(a, b, c);
  }
  return rooms;
}

type Row = Record<string, any>;

/** Rows by the room they are of. */
function byRoom(rows: Row[]): Map<number, Row[]> {
  const rooms = new Map<number, Row[]>();
  for (const row of rows) {
    const list = rooms.get(Number(row.room_id));
    if (list) list.push(row); else rooms.set(Number(row.room_id), [row]);
  }
  return rooms;
}

/** Accepted commands by room: the ledger keeps every one. */
export async function ledger(system: System): Promise<Map<number, number>> {
  const rows = await system.postgres.query('/* loadtest */ SELECT room_id, count(*) AS n FROM command GROUP BY room_id');
  return new Map(rows.map((r) => [Number(r.room_id), Number(r.n)]));
}

function compareRoom(final: Final, room: Row, questions: Row[], votes: Row[], accepted: number): string[] {
  const wrong: string[] = [], counted = new Map<number, number>();
  const table = new Map(questions.map((q) => [Number(q.id), Number(q.votes)]));
  if (Number(room.seq) !== final.seq) wrong.push(`the members are at seq ${final.seq}, the table at ${room.seq}`);
  if (accepted !== final.acked) wrong.push(`${final.acked} commands were acknowledged, the ledger has ${accepted} more than before`);
  for (const [id, n] of final.questions) if (table.get(id) !== n) wrong.push(`question ${id} shows ${n} votes, the table has ${table.get(id)}`);
  for (const id of final.asked) if (!table.has(id)) wrong.push(`question ${id} was acknowledged and is not there`);
  for (const { vote, id } of votes) {
    counted.set(Number(id), (counted.get(Number(id)) ?? 0) + 1);
    if (!final.votes.delete(vote)) wrong.push(`the table has a vote that nobody was told of: ${vote}`);
  }
  for (const vote of final.votes) wrong.push(`an acknowledged vote is not in the table: ${vote}`);
  for (const [id, n] of table) if ((counted.get(id) ?? 0) !== n) wrong.push(`question ${id} counts ${n} votes and has ${counted.get(id) ?? 0} rows`);
  return wrong.map((what) => `room ${final.code}: ${what}`);
}

/** The rooms must have been empty of votes before; `before` is their ledger then. What others voted they took back. */
export async function compareWithDatabase(rig: Rig, rooms: Room[], dump: string, before: Map<number, number>,
  others: (room: Room) => Promise<number>): Promise<void> {
  const query = rig.system.postgres.query.bind(rig.system.postgres);
  const finals = new Map(readDump(readFileSync(dump, 'utf8')).map((f) => [f.code, f]));
  const seqs = byRoom(await query('SELECT id AS room_id, seq FROM room'));
  const questions = byRoom(await query('SELECT room_id, id, votes FROM question'));
  const votes = byRoom(await query("SELECT room_id, question_id AS id, participant_id || ' ' || question_id AS vote FROM vote"));
  const accepted = await ledger(rig.system);
  for (const room of rooms) {
    const { id, code } = room, final = finals.get(code);
    if (!final) rig.wrong(`lectern-load says nothing about room ${code}`);
    else compareRoom(final, seqs.get(id)![0]!, questions.get(id) ?? [], votes.get(id) ?? [], (accepted.get(id) ?? 0) - (before.get(id) ?? 0) - await others(room)).forEach((what) => rig.wrong(what));
  }
}

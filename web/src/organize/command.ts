// Commands of the room, sent over HTTP: the same words as on the WebSocket, answered with "ack" or "refused".
import { ApiError } from '../net/api';
import { decodeServerMessage, encodeCommand, type Command } from '../net/protocol.gen';
import { newCommandId } from '../net/outbox';

async function post(session: number, body: string): Promise<Response | null> {
  const headers = { 'X-Lectern': '1', 'Content-Type': 'application/json' };
  return fetch(`/api/v1/sessions/${session}/commands`, { method: 'POST', credentials: 'same-origin', headers, body }).catch(() => null);
}

/**
 * Resolves once the command is in the database; otherwise throws an ApiError with the refusal or the server's word. An
 * answer that got lost is asked for once more: the same id gets the same answer.
 */
export async function sendCommand(session: number, command: Command): Promise<void> {
  const body = JSON.stringify(encodeCommand(newCommandId(), command));
  const response = (await post(session, body)) ?? (await post(session, body));
  if (!response) throw new ApiError('network', 0);
  const answer: unknown = await response.json().catch(() => null);
  const message = decodeServerMessage(answer);
  if (response.ok && message?.type === 'ack') return;
  if (message?.type === 'refused') throw new ApiError(message.refusal, response.status, null, message.detail);
  throw new ApiError((answer as { error?: string } | null)?.error ?? 'internal', response.status);
}

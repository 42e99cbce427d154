// The JSON API. Errors are thrown as ApiError with the server's word for them, so that a page can say it in the reader's
// language; `network` stands for "no answer at all".
export class ApiError extends Error {
  constructor(
    /** The server's word, or `network`. */
    readonly error: string,
    readonly status: number,
    /** Which field of the request is meant. */
    readonly field: string | null = null,
    /** The limit that was met. */
    readonly detail: number | null = null,
  ) {
    super(error);
  }
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

interface ErrorBody {
  error?: string;
  field?: string;
  detail?: number;
}

async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  return new ApiError(body.error ?? 'internal', response.status, body.field ?? null, body.detail ?? null);
}

/** `api<Event[]>('GET', 'events')`. The header tells the server that no other site made this request. */
export async function api<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      credentials: 'same-origin',
      headers: { 'X-Lectern': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError('network', 0);
  }
  if (!response.ok) throw await errorOf(response);
  const text = await response.text();
  return (text ? JSON.parse(text) : null) as T;
}

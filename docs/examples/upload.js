// Uploads a file straight to the bucket by Mediaferry's API, and waits until it is a medium. No dependency; runs in every browser
// with ES modules. Large files go part by part and go on where they stopped, also after the page was loaded again.

const PARALLEL = 4;
const TRIES = 3;
const POLL_MILLIS = 2000;
const REMEMBERED = 'mediaferry-upload:';

/** What the API or the store answers when it refuses; `code` is for programs, `message` for people. */
export class UploadError extends Error {
  /** @param {string} message @param {string} code @param {number} status */
  constructor(message, code, status) {
    super(message);
    this.name = 'UploadError';
    this.code = code;
    this.status = status;
  }
}

/**
 * @typedef {object} Medium
 * @property {string} id
 * @property {'PENDING' | 'UPLOADED' | 'PROCESSING' | 'READY' | 'FAILED'} status
 * @property {string | null} cdnUrl
 * @property {string | null} thumbnailUrl
 * @property {string | null} fileName
 * @property {string | null} mimeType
 * @property {string} [failureMessage]
 *
 * @typedef {object} UploadOptions
 * @property {string} api address of the API, like https://media.example.com/api/v1/media
 * @property {() => string | Promise<string>} token of your application, for the user who uploads
 * @property {string} mediaType a name under `uploads:` of the registry
 * @property {(sent: number, total: number) => void} [onProgress] bytes
 * @property {(status: 'uploading' | 'processing' | 'ready', mediaId: string) => void} [onStatus]
 * @property {AbortSignal} [signal] abort() pauses: the same file goes on later; abort('cancel') ends the upload
 */

/**
 * @param {File} file
 * @param {UploadOptions} options
 * @returns {Promise<Medium>} when it is READY
 */
export async function upload(file, options) {
  const memory = REMEMBERED + [options.mediaType, file.name, file.size, file.lastModified].join(':');
  // A second tab with the same file uploads on its own.
  return alone(memory, async (mine) => {
    let id = (mine && localStorage.getItem(memory)) || '';
    try {
      const session = (mine && (await resumed(memory, options))) || (await begun(file, options));
      id = session.mediaId;
      if (mine && session.parts) {
        localStorage.setItem(memory, id);
      }
      options.onStatus?.('uploading', id);
      if (session.complete) {
        options.onProgress?.(file.size, file.size);
      } else if (session.parts) {
        await sendParts(file, session, options);
      } else {
        await sendWhole(file, session, options);
      }
      options.onStatus?.('processing', id);
      if (!session.complete) {
        const path = session.parts ? `/${id}/complete-multipart` : `/${id}/complete`;
        await tried(() => ask(options, 'POST', path), options.signal);
      }
      const medium = await finished(id, options);
      localStorage.removeItem(memory);
      options.onStatus?.('ready', id);
      return medium;
    } catch (error) {
      if (options.signal?.aborted) {
        if (options.signal.reason === 'cancel' && id) {
          localStorage.removeItem(memory);
          await ask({ ...options, signal: undefined }, 'POST', `/${id}/cancel`).catch(() => {});
        }
        throw new DOMException('aborted', 'AbortError');
      }
      if (error instanceof UploadError && error.status >= 400 && error.status < 500 && error.status !== 429) {
        localStorage.removeItem(memory);
      }
      throw error;
    }
  });
}

/**
 * @typedef {{partNumber: number, uploadUrl?: string}} Part
 * @typedef {{mediaId: string, uploadUrl?: string, headers?: Record<string, string>, partSize?: number, totalParts?: number,
 *   parts?: Part[], there?: Set<number>, complete?: boolean}} Session
 */

/** @param {File} file @param {UploadOptions} options @returns {Promise<Session>} */
function begun(file, options) {
  const { mediaType } = options;
  return tried(
    () =>
      ask(options, 'POST', '/upload-session', {
        mediaType,
        fileName: file.name,
        fileType: file.type || 'application/octet-stream',
        fileSize: file.size,
      }),
    options.signal,
  );
}

/**
 * @param {string} memory @param {UploadOptions} options
 * @returns {Promise<Session | null>} what was begun before; null when nothing was, or it is over
 */
async function resumed(memory, options) {
  const mediaId = localStorage.getItem(memory);
  if (!mediaId) {
    return null;
  }
  try {
    const known = await tried(() => ask(options, 'GET', `/${mediaId}/parts`), options.signal);
    return {
      mediaId,
      partSize: known.partSize,
      totalParts: known.totalParts,
      parts: [],
      there: new Set(known.parts.map((/** @type {Part} */ part) => part.partNumber)),
    };
  } catch (error) {
    if (!(error instanceof UploadError) || (error.status !== 404 && error.status !== 409)) {
      throw error;
    }
    const { status } = await ask(options, 'GET', `/${mediaId}/status`).catch(() => ({ status: 'FAILED' }));
    if (['UPLOADED', 'PROCESSING', 'READY'].includes(status)) {
      return { mediaId, complete: true };
    }
    localStorage.removeItem(memory);
    return null;
  }
}

/** @param {File} file @param {Session} session @param {UploadOptions} options */
async function sendWhole(file, session, options) {
  await tried(
    () => send(String(session.uploadUrl), file, session.headers, options.signal, (sent) => options.onProgress?.(sent, file.size)),
    options.signal,
  );
}

/** @param {File} file @param {Session} session @param {UploadOptions} options */
async function sendParts(file, session, options) {
  const size = Number(session.partSize);
  /** @type {number[]} */
  const missing = [];
  const sent = new Map();
  const report = () => options.onProgress?.([...sent.values()].reduce((sum, bytes) => sum + bytes, 0), file.size);
  for (let number = 1; number <= Number(session.totalParts); number++) {
    if (session.there?.has(number)) {
      sent.set(number, Math.min(size, file.size - (number - 1) * size));
    } else {
      missing.push(number);
    }
  }
  report();
  const urls = new Map((session.parts ?? []).map((part) => [part.partNumber, part.uploadUrl]));
  const worker = async () => {
    for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
      const part = number;
      const bytes = file.slice((part - 1) * size, part * size);
      await tried(async () => {
        const url = urls.get(part) ?? (await signed(session.mediaId, part, options));
        // A signature lasts for some minutes: what is tried again is signed again.
        urls.delete(part);
        await send(url, bytes, {}, options.signal, (done) => {
          sent.set(part, done);
          report();
        });
      }, options.signal, true);
      sent.set(part, bytes.size);
      report();
    }
  };
  const stop = (/** @type {unknown} */ error) => {
    missing.length = 0;
    throw error;
  };
  await Promise.all(Array.from({ length: PARALLEL }, () => worker().catch(stop)));
}

/** @param {string} id @param {number} part @param {UploadOptions} options @returns {Promise<string>} */
async function signed(id, part, options) {
  const answer = await ask(options, 'POST', `/${id}/parts`, { partNumbers: [part] });
  return answer.parts[0].uploadUrl;
}

/** @param {string} id @param {UploadOptions} options @returns {Promise<Medium>} */
async function finished(id, options) {
  for (;;) {
    const { status, failure, failureMessage } = await tried(() => ask(options, 'GET', `/${id}/status`), options.signal);
    if (status === 'READY') {
      return tried(() => ask(options, 'GET', `/${id}`), options.signal);
    }
    if (status === 'FAILED') {
      throw new UploadError(failureMessage ?? 'the upload has failed', failure, 422);
    }
    await wait(POLL_MILLIS, options.signal);
  }
}

/**
 * @param {UploadOptions} options @param {string} method @param {string} path @param {unknown} [body]
 * @returns {Promise<any>}
 */
async function ask(options, method, path, body) {
  const response = await fetch(options.api + path, {
    method,
    signal: options.signal,
    headers: {
      Authorization: `Bearer ${await options.token()}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new UploadError(answer.message ?? response.statusText, answer.error ?? 'unknown', response.status);
  }
  return answer;
}

/**
 * fetch() tells no progress of what it sends, so this is XMLHttpRequest.
 *
 * @param {string} url @param {Blob} bytes @param {Record<string, string> | undefined} headers
 * @param {AbortSignal | undefined} signal @param {(sent: number) => void} onProgress
 * @returns {Promise<void>}
 */
function send(url, bytes, headers, signal, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open('PUT', url);
    Object.entries(headers ?? {}).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () =>
      request.status < 300
        ? resolve()
        : reject(new UploadError(`the store answers ${request.status}`, 'store', request.status));
    request.onerror = () => reject(new UploadError('the store cannot be reached', 'network', 0));
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) {
      reject(new DOMException('aborted', 'AbortError'));
    } else {
      request.send(bytes);
    }
  });
}

/**
 * Tries what may pass: no network, a server in trouble, too many requests; and a signature that has expired, when it is made anew.
 *
 * @template T
 * @param {() => Promise<T>} action @param {AbortSignal | undefined} signal @param {boolean} [signsAgain]
 * @returns {Promise<T>}
 */
async function tried(action, signal, signsAgain = false) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      const status = error instanceof UploadError ? error.status : 0;
      const passes = status === 0 || status >= 500 || status === 429 || (signsAgain && status === 403);
      if (signal?.aborted || attempt === TRIES || !passes) {
        throw error;
      }
      await wait(500 * 2 ** attempt + Math.random() * 500, signal);
    }
  }
}

/** @param {number} millis @param {AbortSignal | undefined} signal @returns {Promise<void>} */
function wait(millis, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, millis);
    const abort = () => {
      clearTimeout(timer);
      reject(new DOMException('aborted', 'AbortError'));
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/**
 * @template T
 * @param {string} name @param {(mine: boolean) => Promise<T>} action
 * @returns {Promise<T>}
 */
function alone(name, action) {
  // Locks are there where the page comes by https, or from this machine.
  return navigator.locks
    ? navigator.locks.request(name, { ifAvailable: true }, (lock) => action(lock !== null))
    : action(true);
}

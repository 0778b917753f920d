import { AwsS3, Dashboard, GoldenRetriever, Uppy } from './uppy.js';

const query = new URLSearchParams(location.search);
const api = query.get('api');
const at = (id) => document.getElementById(id);

async function post(path, body) {
  const response = await fetch(api + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${query.get('token')}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.message);
  }
  return answer;
}

// The token of the address is kept, as the uploads under it are.
async function companion() {
  const path = sessionStorage.companion ?? (await post('/upload-token', { mediaType: 'POST_IMAGE' })).companionPath;
  sessionStorage.companion = path;
  return new URL(path, api).href;
}

const uppy = new Uppy({ id: query.get('mode'), autoProceed: false })
  .use(Dashboard, { inline: true, target: '#uppy' })
  .use(GoldenRetriever, { indexedDB: { maxFileSize: 1e9, maxTotalSize: 2e9 } })
  .use(AwsS3, {
    shouldUseMultipart: (file) => file.size > 5_000_000,
    ...(query.get('mode') === 'companion'
      ? { companionEndpoint: await companion() }
      : {
          generateObjectKey: (file) => file.id,
          signRequest: (request) => {
            const file = uppy.getFile(request.key);
            return post(
              '/sign?mediaType=POST_IMAGE',
              file && query.has('sized')
                ? { ...request, fileName: file.name, fileSize: file.size, fileType: file.type }
                : file
                  ? { ...request, key: `${crypto.randomUUID()}-${file.name}` }
                  : request,
            );
          },
        }),
  });

if (query.has('sized')) {
  uppy.on('file-added', (file) => uppy.setFileMeta(file.id, { size: file.size }));
}
uppy.on('upload-success', async (file, response) => {
  try {
    const key = response.body.key;
    const id = key.match(/[0-9a-f-]{36}(?=(\.\w+)?$)/)[0];
    at('media').textContent = id;
    const medium = await post(`/${id}/complete`, {});
    at('status').textContent = medium.status;
  } catch (error) {
    at('error').textContent = error.message;
  }
});
uppy.on('upload-error', (file, error) => (at('error').textContent = error.message));
uppy.on('restored', () => (at('status').textContent = 'restored'));
window.uppy = uppy;

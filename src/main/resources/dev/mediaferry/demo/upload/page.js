import { play } from './player.js';
import { AwsS3, Dashboard, GoldenRetriever, Uppy } from './uppy.js';

const POLL_MILLIS = 2000;
const PART = 8 * 1024 * 1024;
// Larger files go part by part, so that they can be paused.
const WHOLE = 5_000_000;

const { api, user } = await (await fetch('config.json')).json();

let token = { text: '', until: 0 };

async function bearer() {
  if (Date.now() > token.until) {
    token = await (await fetch('token.json', { method: 'POST' })).json();
  }
  return token.text;
}

function complain(text) {
  const problem = document.querySelector('#problem');
  problem.hidden = !text;
  problem.textContent = text;
}

async function ask(method, path, body) {
  const response = await fetch(api + path, {
    method,
    headers: {
      Authorization: `Bearer ${await bearer()}`,
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.message ?? response.statusText);
  }
  return answer;
}

const { types } = await ask('GET', '/types').catch((error) => {
  complain(`The service does not answer: ${error.message}`);
  throw error;
});

const typeOf = (file) => types.find((type) => type.content.includes(file.type)) ?? types[0];

const uppy = new Uppy({
  restrictions: {
    allowedFileTypes: types.flatMap((type) => type.content),
    maxFileSize: Math.max(...types.map((type) => type.maxBytes)),
  },
  onBeforeFileAdded: (file) => {
    const type = typeOf(file);
    if (file.size > type.maxBytes) {
      uppy.info(`${file.name} is larger than ${Math.round(type.maxBytes / 1e6)} MB`, 'error', 5000);
      return false;
    }
    return true;
  },
})
  .use(Dashboard, {
    inline: true,
    target: '#uploader',
    width: '100%',
    height: 400,
    theme: 'auto',
    proudlyDisplayPoweredByUppy: false,
    note: `Pictures up to ${Math.round(types[0].maxBytes / 1e6)} MB, and videos`,
  })
  .use(GoldenRetriever, {
    expires: 24 * 60 * 60 * 1000,
    indexedDB: { maxFileSize: 1e9, maxTotalSize: 2e9 },
  })
  .use(AwsS3, {
    shouldUseMultipart: (file) => file.size > WHOLE,
    getChunkSize: ({ size }) => Math.max(PART, Math.ceil(size / 10_000)),
    generateObjectKey: (file) => file.id,
    // A size and a type with the request, so that the service says what is wrong before anything is sent.
    signRequest: (request) => {
      const file = uppy.getFile(request.key);
      return file
        ? ask('POST', `/sign?mediaType=${typeOf(file).mediaType}`, {
            ...request,
            fileName: file.name,
            fileSize: file.size,
            fileType: file.type,
          })
        : ask('POST', '/sign', request);
    },
  });

uppy.on('upload', () => complain(''));

// Everything is there when the last byte is sent; a medium it is when it was verified.
uppy.addPostProcessor(async (ids) => {
  await Promise.all(
    ids.map(async (id) => {
      const file = uppy.getFile(id);
      if (!file || file.error || !file.response) {
        return;
      }
      uppy.emit('postprocess-progress', file, { mode: 'indeterminate', message: 'Verifying' });
      try {
        show(await processed(file.response.body.key.split('/').pop()));
        uppy.emit('postprocess-complete', uppy.getFile(id));
      } catch (error) {
        uppy.emit('postprocess-complete', uppy.getFile(id));
        uppy.emit('upload-error', uppy.getFile(id), error);
        complain(`${file.name} was refused: ${error.message}.`);
      }
    }),
  );
});

async function processed(id) {
  let medium = await ask('POST', `/${id}/complete`);
  while (medium.status !== 'READY') {
    if (medium.status === 'FAILED') {
      throw new Error(medium.failureMessage);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    medium = await ask('GET', `/${id}`);
  }
  return medium;
}

// A film whose sizes are there plays in the one that suits; the others come while it is watched.
async function playInSizes(video, medium, about) {
  const playlist = `${api}/${medium.id}/playlist`;
  const there = await fetch(playlist, { headers: { Authorization: `Bearer ${await bearer()}` } });
  if (there.ok) {
    video.poster = medium.thumbnailUrl ?? '';
    play(video, playlist, bearer, about);
  }
}

function show(medium, first = true) {
  document.querySelector('#empty').hidden = true;
  const item = document.createElement('li');
  const video = medium.mimeType.startsWith('video/');
  const picture = document.createElement(video ? 'video' : 'img');
  if (video) {
    picture.controls = true;
    picture.preload = 'metadata';
  } else {
    picture.alt = medium.fileName ?? '';
  }
  picture.src = video ? medium.cdnUrl : (medium.thumbnailUrl ?? medium.cdnUrl);
  const about = document.createElement('div');
  about.className = 'about';
  const name = document.createElement('strong');
  name.textContent = medium.fileName ?? medium.id;
  name.title = name.textContent;
  const facts = document.createElement('span');
  facts.textContent = [
    medium.width ? `${medium.width} × ${medium.height}` : '',
    medium.fileSize < 1e6 ? `${Math.ceil(medium.fileSize / 1e3)} kB` : `${(medium.fileSize / 1e6).toFixed(1)} MB`,
    medium.phase.toLowerCase(),
  ]
    .filter(Boolean)
    .join(' · ');
  const link = document.createElement('a');
  link.href = medium.cdnUrl;
  link.target = '_blank';
  link.rel = 'noreferrer';
  link.textContent = 'Open in the bucket';
  about.append(name, facts, document.createElement('br'), link);
  if (video) {
    playInSizes(picture, medium, about);
  }
  item.append(picture, about);
  document.querySelector('#media')[first ? 'prepend' : 'append'](item);
}

const before = await ask('GET', `/user/${encodeURIComponent(user)}?status=READY&limit=24`);
before.media.forEach((medium) => show(medium, false));
document.documentElement.dataset.ready = 'true';

import { upload } from './upload.js';

const query = new URLSearchParams(location.search);
const at = (id) => document.getElementById(id);
let controller;

at('pause').onclick = () => controller.abort();
at('cancel').onclick = () => controller.abort('cancel');
at('file').onchange = async () => {
  controller = new AbortController();
  at('error').textContent = '';
  try {
    const medium = await upload(at('file').files[0], {
      api: query.get('api'),
      token: () => query.get('token'),
      mediaType: 'POST_IMAGE',
      signal: controller.signal,
      onProgress: (sent, total) => (at('progress').value = sent / total),
      onStatus: (status, id) => {
        at('status').dataset.id = id;
        at('status').textContent = status;
      },
    });
    at('picture').src = medium.cdnUrl;
  } catch (error) {
    at('error').textContent = `${error.name === 'UploadError' ? error.code : error.name}: ${error.message}`;
  }
};

// Plays a film in the size that the connection carries, from a list of its sizes; private ones need the token with it.
import Hls from './hls.js';

// What a browser without Media Source Extensions plays is the film as it was uploaded.
export function play(video, playlist, bearer, about) {
  if (!Hls.isSupported()) {
    return;
  }
  const api = new URL(playlist).origin;
  const hls = new Hls({
    enableWorker: false,
    capLevelToPlayerSize: false,
    xhrSetup: async (request, url) => {
      request.open('GET', url, true);
      if (new URL(url).origin === api) {
        request.setRequestHeader('Authorization', `Bearer ${await bearer()}`);
      }
    },
  });
  const choice = document.createElement('select');
  choice.setAttribute('aria-label', 'Size of the film');
  choice.addEventListener('change', () => {
    hls.nextLevel = Number(choice.value);
  });
  const shown = document.createElement('span');
  shown.className = 'level';
  const option = (value, text) => choice.append(new Option(text, value));
  hls.on(Hls.Events.MANIFEST_PARSED, () => {
    option(-1, 'automatic');
    hls.levels.forEach((level, index) => option(index, `${Math.min(level.width, level.height)}p`));
    about.append(choice, shown);
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (event, { level }) => {
    const { width, height, bitrate } = hls.levels[level];
    shown.textContent = ` playing ${width} × ${height}, ${(bitrate / 1e6).toFixed(1)} Mbit/s`;
    video.dataset.level = `${width}x${height}`;
  });
  hls.loadSource(playlist);
  hls.attachMedia(video);
}

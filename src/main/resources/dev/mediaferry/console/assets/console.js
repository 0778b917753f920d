// Times in the reader's zone, charts, copying, and whether the page is live. All of it is a convenience: pages work without.
(function () {
  'use strict';

  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
  const near = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  const far = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });

  function localTimes(root) {
    root.querySelectorAll('time[datetime]').forEach((time) => {
      const at = new Date(time.dateTime);
      if (!Number.isNaN(at.getTime())) {
        time.textContent = Math.abs(at - Date.now()) < 150 * 86400e3 ? near.format(at) : far.format(at);
        time.title = exact.format(at);
      }
    });
  }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function series(kind) {
    const bars = uPlot.paths.bars({ size: [0.7, 40], align: 0 });
    const one = (label, name) => ({ label, paths: bars, points: { show: false }, width: 0, fill: colour(name), stroke: colour(name) });
    return kind === 'days' ? [one('links that end', '--warn')] : [one('not moved', '--dead'), one('moved', '--moved')];
  }

  // Bars on top of each other: the whole behind, its first part in front.
  function stacked(kind, values) {
    return kind === 'days' ? values : [values[0], values[1].map((moved, i) => moved + values[2][i]), values[1]];
  }

  function chart(place) {
    const kind = place.dataset.chart;
    const values = stacked(kind, JSON.parse(place.dataset.values));
    const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '12px system-ui' };
    const plot = new uPlot({
      width: Math.max(200, place.clientWidth),
      height: 180,
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: kind === 'days', range: (u, min, max) => kind === 'days' ? [min - 86400, max + 86400] : [min - 1, max + 1] }, y: { range: (u, min, max) => [0, Math.max(1, max)] } },
      axes: [Object.assign({}, axis, kind === 'days' ? {} : { incrs: [1, 2, 5, 10, 20, 50, 100], grid: { show: false }, values: (u, ids) => ids.map((id) => (values[0].includes(id) ? '#' + id : '')) }), Object.assign({}, axis, { size: 60, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000] })],
      series: [{}].concat(series(kind)),
    }, values, place);
    new ResizeObserver(() => plot.setSize({ width: Math.max(200, place.clientWidth), height: 180 })).observe(place);
  }

  function charts(root) {
    root.querySelectorAll('[data-chart]').forEach((place) => {
      if (!place.firstChild) {
        chart(place);
      }
    });
  }

  function prepare(root) {
    localTimes(root);
    charts(root);
  }

  document.addEventListener('click', (event) => {
    const copy = event.target.closest('[data-copy]');
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        copy.textContent = 'Copied';
      });
    }
  });

  // Who chooses letters does not mean all of them.
  document.addEventListener('change', (event) => {
    if (event.target.matches('input[name="id"][type="checkbox"]')) {
      const chosen = event.target.form.querySelector('input[name="scope"][value="chosen"]');
      if (chosen) {
        chosen.checked = true;
      }
    }
  });

  // A part that is fetched anew keeps what its reader has opened and where they are; what somebody types into stays as it is.
  function name(element) {
    return element && (element.id || element.getAttribute('aria-label') || element.getAttribute('href'));
  }

  let kept = null;

  function keep(event) {
    const target = event.detail.target;
    const here = document.activeElement;
    if (here && target.contains(here) && here.matches('input:not([type=checkbox]), select, textarea')) {
      event.detail.shouldSwap = false;
      return;
    }
    kept = {
      open: [...target.querySelectorAll('details')].map((details) => details.open),
      focus: target.contains(here) ? name(here) : null,
      scroll: [...target.querySelectorAll('.scroll')].map((part) => part.scrollLeft),
    };
  }

  function restore(root) {
    if (kept) {
      root.querySelectorAll('details').forEach((details, i) => { details.open = kept.open[i] || false; });
      root.querySelectorAll('.scroll').forEach((part, i) => { part.scrollLeft = kept.scroll[i] || 0; });
      if (kept.focus) {
        const found = [...root.querySelectorAll('a, button, summary, input')].find((element) => name(element) === kept.focus);
        if (found) {
          found.focus({ preventScroll: true });
        }
      }
      kept = null;
    }
  }

  function live(text, good) {
    document.querySelectorAll('[data-live]').forEach((place) => {
      if (place.textContent !== text) {
        place.textContent = text;
        place.classList.toggle('on', good);
      }
    });
  }

  // A browser has six connections to a host, over all its tabs, and an open page would keep one of them. So only a page
  // that is seen listens. One that listens anew hears of everything.
  htmx.createEventSource = (url) => {
    const listeners = [];
    let stream = null;
    function leave() {
      if (stream) {
        stream.close();
        stream = null;
      }
    }
    function turn() {
      if (document.visibilityState === 'hidden') {
        leave();
      } else if (!stream) {
        const opened = new EventSource(url);
        opened.onopen = (event) => source.onopen(event);
        opened.onerror = (event) => {
          if (opened.readyState === EventSource.CLOSED) {
            // The extension makes another one.
            document.removeEventListener('visibilitychange', turn);
          }
          source.onerror(event);
        };
        listeners.forEach(([name, listener]) => opened.addEventListener(name, listener));
        stream = opened;
      }
    }
    const source = {
      get readyState() {
        return stream ? stream.readyState : EventSource.CONNECTING;
      },
      addEventListener(name, listener) {
        listeners.push([name, listener]);
        if (stream) {
          stream.addEventListener(name, listener);
        }
      },
      removeEventListener(name, listener) {
        listeners.splice(0, listeners.length, ...listeners.filter((one) => one[0] !== name || one[1] !== listener));
        if (stream) {
          stream.removeEventListener(name, listener);
        }
      },
      close() {
        document.removeEventListener('visibilitychange', turn);
        leave();
      },
    };
    document.addEventListener('visibilitychange', turn);
    turn();
    return source;
  };

  document.addEventListener('DOMContentLoaded', () => {
    document.body.addEventListener('htmx:sseOpen', () => live('live', true));
    document.body.addEventListener('htmx:sseError', () => live('not live', false));
    document.body.addEventListener('htmx:beforeSwap', keep);
    document.body.addEventListener('htmx:afterSettle', () => {
      prepare(document);
      restore(document.getElementById('live') || document);
    });
    prepare(document);
    const here = document.querySelector('.sections [aria-current]');
    if (here) {
      // Where the sections are a strip, the current one may lie outside.
      here.closest('ul').scrollLeft = Math.max(0, here.offsetLeft - 40);
    }
    document.documentElement.dataset.ready = '';
  });
})();

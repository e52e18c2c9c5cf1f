#!/usr/bin/env python3
"""Compares the speed of Chainette and PyTorch: ops forward and backward, training steps, the graph.

Both libraries are measured in alternation, row by row and round by round, in separate processes. The first ratio is
PyTorch's time divided by Chainette's time, the median of the rounds. The second ratio compares the least times; it is
more meaningful on a busy machine. Without PyTorch, only Chainette is measured. Writes FOLDER/compare.json and, if
matplotlib is installed, FOLDER/compare.png.

    cmake --preset release && cmake --build --preset release --target ops vae_step conv_vae_step graph_overhead
    benchmarks/compare.py                                   # all rows: about half an hour
    benchmarks/compare.py --only 'tanh|^vae_step' --rounds 9

Debian's PyTorch (apt install python3-torch) is fastest with the OpenBLAS that shares its pool of threads (apt install
libopenblas0-openmp). compare.py uses this OpenBLAS if it is installed. --as-installed does not use it.
"""
import argparse
import glob
import json
import math
import os
import re
import subprocess
import sys

from measure import Programs, median

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = [
    'vae_step/layers=2/batch=100/hidden=500', 'vae_step/layers=1/batch=100/hidden=500',
    'vae_step/layers=2/batch=1000/hidden=500', 'vae_step/layers=2/batch=1/hidden=64',
    'conv_vae_step/ch=64/batch=100/layout=channels_first', 'conv_vae_step/ch=64/batch=100/layout=channels_last',
    'chain/nodes=100000',
]


class Peer:
    """PyTorch in a separate process, which answers one request after the other."""

    def __init__(self, python, threads, libraries):
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads))
        if libraries:
            environment['LD_LIBRARY_PATH'] = ':'.join(filter(None, [libraries, os.environ.get('LD_LIBRARY_PATH')]))
        self.command = [python, os.path.join(HERE, 'peer.py'), '--threads', str(threads)]
        self.environment = environment
        self.process = subprocess.Popen(self.command, env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.about = json.loads(self.process.stdout.readline())

    def rows(self):
        listed = subprocess.run(self.command + ['--list'], env=self.environment, text=True, check=True,
                                stdout=subprocess.PIPE)
        return listed.stdout.splitlines()

    def measure(self, row, seconds):
        print(json.dumps({'row': row, 'seconds': seconds}), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


def has_torch(python):
    return subprocess.run([python, '-c', 'import torch'], stderr=subprocess.DEVNULL).returncode == 0


def processor():
    try:
        with open('/proc/cpuinfo') as file:
            return next(line.split(':', 1)[1].strip() for line in file if line.startswith('model name'))
    except (OSError, StopIteration):
        return 'unknown'


def compare(row, ours, peer, rounds, seconds):
    """The measurements of one row."""
    found = {'row': row, 'ours': [], 'peer': []}
    for i in range(rounds):
        sides = [('ours', ours), ('peer', peer)]
        for name, side in sides[::-1] if i % 2 else sides:
            if side:
                found[name].append(side.measure(row, seconds))
    result = {'row': row, 'ours_us': median([m['us'] for m in found['ours']]),
              'ours_least_us': min(m['least'] for m in found['ours'])}
    floors = [m['ratio'] for m in found['ours'] if 'ratio' in m]
    if floors:
        result['times_floor'] = median(floors)
    if peer:
        result['peer_us'] = median([m['us'] for m in found['peer']])
        result['peer_least_us'] = min(m['least'] for m in found['peer'])
        result['ratio'] = median([p['us'] / o['us'] for o, p in zip(found['ours'], found['peer'])])
        result['ratio_of_least'] = result['peer_least_us'] / result['ours_least_us']
    return result


def line(r):
    text = f'{r["row"]:62} {r["ours_us"]:11.1f}'
    if 'ratio' in r:
        text += f' {r["peer_us"]:11.1f} {r["ratio"]:8.2f} {r["ratio_of_least"]:8.2f}'
    if 'times_floor' in r:
        text += f'   {r["times_floor"]:.2f} times its floor'
    return text


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def summary(results):
    compared = [r for r in results if 'ratio' in r]
    for what in ('forward', 'forward_backward'):
        rows = [r for r in compared if r['row'].startswith(what + '/')]
        if rows:
            yield (f'{what}: geometric mean of {len(rows)} rows {geometric_mean([r["ratio"] for r in rows]):.2f},'
                   f' of their least times {geometric_mean([r["ratio_of_least"] for r in rows]):.2f}')
    slower = [r for r in compared if max(r['ratio'], r['ratio_of_least']) < 1]
    if compared:
        yield f'slower than PyTorch by both ratios: {len(slower)} of {len(compared)}'
    for r in sorted(slower, key=lambda r: r['ratio_of_least']):
        yield '  ' + line(r)


def chart(results, path, title):
    try:
        import matplotlib
        matplotlib.use('Agg')
        import matplotlib.pyplot as pyplot
    except ImportError:
        print('compare.py: no chart is drawn, because matplotlib is not installed (apt install python3-matplotlib).')
        return
    rows = sorted((r for r in results if 'ratio' in r), key=lambda r: r['ratio_of_least'])
    if not rows:
        return
    values = [r['ratio_of_least'] for r in rows]
    figure, axes = pyplot.subplots(figsize=(9, 1.5 + 0.16 * len(rows)))
    axes.barh(range(len(rows)), [math.log2(v) for v in values], height=0.7,
              color=['#b2473e' if v < 1 else '#4a7a9d' for v in values])
    axes.set_yticks(range(len(rows)), [r['row'] for r in rows], fontsize=6)
    low, high = math.floor(math.log2(values[0])), math.ceil(math.log2(values[-1]))
    ticks = range(min(low, -1), max(high, 1) + 1)
    axes.set_xticks(ticks, [f'{2.0 ** t:g}' for t in ticks])
    axes.axvline(0, color='black', linewidth=0.8)
    axes.set_ylim(-1, len(rows))
    axes.grid(axis='x', linewidth=0.3)
    axes.set_title(title, fontsize=9)
    figure.tight_layout()
    figure.savefig(path + '.part.png', dpi=110)
    os.replace(path + '.part.png', path)
    print(f'{path} is written.')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('--build', default=os.path.join(HERE, '..', 'build', 'release', 'benchmarks'),
                        help='the folder of the benchmark programs')
    parser.add_argument('--python', default=sys.executable, help='a Python with PyTorch')
    parser.add_argument('--only', default='', help='regular expression that selects the rows')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=0.1,
                        help='seconds for one measurement of a row; ten times as many for a training step')
    parser.add_argument('--threads', type=int, default=os.cpu_count())
    parser.add_argument('--as-installed', action='store_true',
                        help='use PyTorch with the OpenBLAS that it is installed with')
    parser.add_argument('--out', default='results', metavar='FOLDER')
    args = parser.parse_args()

    ours = Programs(args.build, args.threads)
    if not os.path.exists(ours.path('ops')):
        raise SystemExit(f'compare.py: the benchmark programs must be built, but {ours.path("ops")} does not exist.')
    peer = None
    libraries = None
    if has_torch(args.python):
        if not args.as_installed:
            libraries = next(iter(glob.glob('/usr/lib/*/openblas-openmp')), None)
        peer = Peer(args.python, args.threads, libraries)
    else:
        print(f'compare.py: only Chainette is measured, because {args.python} has no PyTorch (apt install python3-torch).')
    wanted = re.compile(args.only)
    rows = [r for r in ours.op_rows() if r.startswith('forward')]
    if peer:
        known = set(peer.rows())
        rows = [r for r in rows if r in known]
    rows = [r for r in STEPS + rows if wanted.search(r)]

    about = {'processor': processor(), 'threads': args.threads, 'rounds': args.rounds, 'load_before': os.getloadavg()[0],
             'peer': peer and {**peer.about, 'libraries': libraries or 'as installed'}}
    print(json.dumps(about))
    print(f'{"row":62} {"ours, us":>11} {"PyTorch, us":>11} {"ratio":>8} {"of least":>8}')
    results = []
    for row in rows:
        step = row.split('/')[0] in ('vae_step', 'conv_vae_step', 'chain')
        results.append(compare(row, ours, peer, args.rounds, args.seconds * (10 if step else 1)))
        print(line(results[-1]), flush=True)
    about['load_after'] = os.getloadavg()[0]
    for text in summary(results):
        print(text)
    os.makedirs(args.out, exist_ok=True)
    path = os.path.join(args.out, 'compare.json')
    with open(path + '.part', 'w') as file:
        json.dump({**about, 'rows': results}, file, indent=1)
    os.replace(path + '.part', path)
    print(f'{path} is written.')
    chart(results, os.path.join(args.out, 'compare.png'),
          f"PyTorch's time over ours (least times), {args.threads} threads, {about['processor']}")


if __name__ == '__main__':
    main()

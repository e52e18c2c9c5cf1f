#!/usr/bin/env python3
"""Compares the speed of two commits, and fails if the second commit is slower.

    benchmarks/ab.py BASE HEAD [--only REGEX]

Each commit is built with its own benchmarks in a separate work tree in a temporary folder. Each row is measured for BASE
and HEAD in alternation, in changing order. The result of a row is the median of the paired ratios HEAD / BASE. Rows above
the limit are suspects, and are measured again, three times as often. The exit status is 1 if a suspect is confirmed,
else 0.
"""
import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile

from measure import Programs, median

STEPS = ['vae_step/layers=2/batch=100', 'vae_step/layers=1/batch=100', 'chain/nodes=10000']
PROGRAMS = ['ops', 'vae_step', 'graph_overhead']
ROWS = r'^forward(_backward)?/(?!.*1000x10000)|^vae_step|^chain'


def call(*command, folder=None):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f'ab.py: {" ".join(command)} failed:\n{done.stdout[-3000:]}')
    return done.stdout


def build(commit, tree, threads):
    """Builds a commit in the work tree and returns its programs."""
    call('git', 'worktree', 'add', '--detach', tree, commit)
    folder = os.path.join(tree, 'build', 'release')
    call('cmake', '--preset', 'release', '-DCHAINETTE_BUILD_TESTS=OFF', folder=tree)
    targets = call('ninja', '-C', folder, '-t', 'targets', 'all')
    there = [p for p in PROGRAMS if re.search(rf'^{p}:', targets, re.MULTILINE)]
    if 'ops' not in there:
        raise SystemExit(f'ab.py: both commits must have benchmarks/ops, but {commit} has not.')
    call('nice', 'ninja', '-C', folder, *there)
    return Programs(os.path.join(folder, 'benchmarks'), threads), there


def paired_ratio(row, base, head, rounds, seconds):
    ratios = []
    for i in range(rounds):
        times = {}
        for side in (base, head) if i % 2 == 0 else (head, base):
            times[side] = side.measure(row, seconds)['us']
        ratios.append(times[head] / times[base])
    return median(ratios)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('base', metavar='BASE')
    parser.add_argument('head', metavar='HEAD')
    parser.add_argument('--only', default=ROWS, help='regular expression that selects the rows')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=0.1, help='seconds for one measurement of a row')
    parser.add_argument('--limit', type=float, default=1.10, help='a row fails if HEAD / BASE is greater')
    parser.add_argument('--threads', type=int, default=os.cpu_count())
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the work trees are removed

    with tempfile.TemporaryDirectory(prefix='ab_') as temporary:
        trees = [os.path.join(temporary, side) for side in ('base', 'head')]
        try:
            (base, in_base), (head, in_head) = (build(c, t, args.threads) for c, t in zip((args.base, args.head), trees))
            both = set(in_base) & set(in_head)
            programs = {'chain': 'graph_overhead'}
            rows = [s for s in STEPS if programs.get(s.split('/')[0], s.split('/')[0]) in both]
            known = set(base.op_rows())
            rows += [r for r in head.op_rows() if r in known]
            rows = [r for r in rows if re.search(args.only, r)]
            if not rows:
                raise SystemExit(f'ab.py: some row must match {args.only}, but none does.')
            suspects = []
            for row in rows:
                ratio = paired_ratio(row, base, head, args.rounds, args.seconds)
                print(f'{ratio:7.3f}  {row}', flush=True)
                if ratio > args.limit:
                    suspects.append(row)
            confirmed = []
            for row in suspects:
                ratio = paired_ratio(row, base, head, 3 * args.rounds, args.seconds)
                if ratio > args.limit:
                    confirmed.append(f'{ratio:7.3f}  {row}')
        finally:
            for tree in trees:
                subprocess.run(['git', 'worktree', 'remove', '--force', tree], stderr=subprocess.DEVNULL)
    print(f'{len(rows)} rows, {len(suspects)} suspects, {len(confirmed)} slower than {args.limit} times the base')
    print('\n'.join(confirmed))
    raise SystemExit(1 if confirmed else 0)


if __name__ == '__main__':
    main()

"""Runs the benchmark programs and reads their results, for compare.py and ab.py."""
import json
import os
import re
import subprocess

SAMPLE = 1e-3  # seconds that a sample of a short call takes at least


def run(command, threads):
    environment = dict(os.environ, AUTOGRAD_THREADS=str(threads))
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f'{command[0]}: it ended with the code {done.returncode}: {done.stderr.strip()}')
    return done.stdout


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def literally(text):
    """A regular expression of the C++ library that matches this text."""
    return re.sub(r'([][.*+?^${}()|\\])', r'\\\1', text)


class Programs:
    """The benchmark programs of a build: their folder, and the number of threads."""

    def __init__(self, folder, threads):
        self.folder, self.threads = folder, threads
        self.repetitions = {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def op_rows(self):
        """The names of the rows of `ops`."""
        lines = run([self.path('ops'), '--benchmark_list_tests'], self.threads).splitlines()
        return [line.removesuffix('/real_time') for line in lines]

    def _google(self, program, row, repetitions):
        out = run([self.path(program), f'--benchmark_filter=^{literally(row)}(/real_time)?$',
                   f'--benchmark_min_time={SAMPLE}', f'--benchmark_repetitions={repetitions}',
                   '--benchmark_format=json'], self.threads)
        to_us = {'ns': 1e-3, 'us': 1, 'ms': 1e3, 's': 1e6}
        return [b['real_time'] * to_us[b['time_unit']] for b in json.loads(out)['benchmarks']
                if b['run_type'] == 'iteration']

    def google(self, program, row, seconds):
        """{'us': median, 'least': least} of about `seconds` of a row of a Google Benchmark program."""
        if row not in self.repetitions:
            once = min(self._google(program, row, 2)) * 1e-6
            self.repetitions[row] = max(3, min(100, round(seconds / max(once, SAMPLE))))
        samples = self._google(program, row, self.repetitions[row])
        return {'us': median(samples), 'least': min(samples)}

    def step(self, program, options, seconds):
        """The same for a program that measures training steps, with the other values of its JSON."""
        flags = [part for key, value in options.items() for part in (f'--{key}', str(value))]
        key = program + str(flags)

        def measured(steps):
            out = run([self.path(program), *flags, '--steps', str(steps)], self.threads)
            return json.loads(out.splitlines()[-1])
        if key not in self.repetitions:
            once = measured(3)['least_ms'] * 1e-3
            self.repetitions[key] = max(5, min(500, round(seconds / once)))
        found = measured(self.repetitions[key])
        return {**found, 'us': found['ours_ms'] * 1e3, 'least': found['least_ms'] * 1e3}

    def measure(self, row, seconds):
        """Measures the row of this name: a row of ops, or vae_step/..., conv_vae_step/..., chain/nodes=N."""
        kind, *options = row.split('/')
        if kind not in ('vae_step', 'conv_vae_step', 'chain'):
            return self.google('ops', row, seconds)
        options = dict(option.split('=') for option in options)
        if kind == 'chain':
            return self.google('graph_overhead', f'chain/{options["nodes"]}', seconds)
        options.pop('layout', None)
        return self.step(kind, options, seconds)

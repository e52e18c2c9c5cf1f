"""Runs Chainer to check, remake and add golden cases. README.md explains it: "Recording cases".

    record.py check  --chainer DIR --golden DIR [--filter REGEX]
    record.py remake --chainer DIR --golden DIR --out DIR [--filter REGEX]
    record.py add    --chainer DIR --golden DIR --name NAME --group GROUP --call CALL --input x0=3,4

DIR of --chainer is a plain checkout of Chainer. Besides, numpy and what Chainer imports are needed.
"""

import argparse
import ast
import inspect
import json
import os
import re
import shutil
import sys

import numpy as np

from chainer_runs import (CHAINER, Failure, array_of, call, describe, import_chainer, own_types, run,
                          run_case)

SECTIONS = ('cases', 'optimizers', 'random', 'initializers')


# ---------------------------------------------------------------- the files of a set


def read_json(path):
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError) as error:
        raise Failure('%s cannot be read: %s' % (path, error))


def layout(value, depth=0):
    """The manifest as JSON text: each case on its own line."""
    flat = json.dumps(value)
    if isinstance(value, dict) and depth < 2 and len(flat) > 80:
        lines = ['%s: %s' % (json.dumps(k), layout(v, depth + 1)) for k, v in value.items()]
        return '{\n' + ',\n'.join(lines) + '\n}'
    if isinstance(value, list) and depth < 3 and value and isinstance(value[0], dict):
        return '[\n' + ',\n'.join(json.dumps(v) for v in value) + '\n]'
    return flat


class Golden:
    """A set in a folder: its manifest and its arrays by file and key."""

    def __init__(self, directory):
        self.directory, self.files = directory, {}
        self.manifest = read_json(os.path.join(directory, 'manifest.json'))

    def arrays(self, file):
        """All arrays of one npz file, by key."""
        if file not in self.files:
            path = os.path.join(self.directory, file)
            try:
                self.files[file] = dict(np.load(path)) if os.path.exists(path) else {}
            except (OSError, ValueError) as error:
                raise Failure('%s cannot be read: %s' % (path, error))
        return self.files[file]

    def entries(self, pattern):
        """(section, entry, name, file) of each entry whose name matches the pattern."""
        for section in SECTIONS:
            part = self.manifest.get(section, [])
            for entry in part['cases'] if isinstance(part, dict) else part:
                name = entry.get('name', entry.get('key'))
                if re.search(pattern, name):
                    file = entry['file'] if section == 'cases' else part['file']
                    yield section, entry, name, file

    def stored(self, name, file):
        """The arrays of an entry by their names within it; '' if the key is the entry's own name."""
        return {key[len(name) + 1:]: a for key, a in self.arrays(file).items()
                if key == name or key.startswith(name + '/')}

    def store(self, name, file, arrays):
        """Replaces arrays of one entry and appends those that are new."""
        for key, a in arrays.items():
            self.arrays(file)[name + '/' + key if key else name] = a

    def write(self, directory):
        """Writes the manifest and the npz files that were read, each whole or not at all."""
        for file, arrays in self.files.items():
            path = os.path.join(directory, file)
            np.savez(path + '.new.npz', **arrays)
            os.replace(path + '.new.npz', path)
        path = os.path.join(directory, 'manifest.json')
        with open(path + '.new', 'w') as text:
            text.write(layout(self.manifest) + '\n')
        os.replace(path + '.new', path)


# ---------------------------------------------------------------- check and remake


def given(entry):
    """The names of the arrays that a case is given: its inputs and the weights of its derivatives."""
    names = {i[key] for i in entry.get('inputs', []) for key in ('name', 'gg') if key in i}
    return names | {o['gy'] for o in entry.get('outputs', []) if 'gy' in o}


def difference(stored, made, section, entry):
    """What differs between a stored array and a remade one beyond the rounding, or None."""
    if stored.dtype != made.dtype or stored.shape != made.shape:
        return '%s %s is stored, %s %s was made' % (stored.dtype, stored.shape, made.dtype, made.shape)
    if stored.dtype.kind != 'f':
        return None if np.array_equal(stored, made) else 'the values differ'
    finite = np.isfinite(stored)
    if not np.array_equal(stored[~finite], made[~finite], equal_nan=True) or not np.isfinite(
            made[finite]).all():
        return 'inf or nan are at other positions'
    if not finite.any():
        return None
    a, b = made[finite].astype(np.float64), stored[finite].astype(np.float64)
    # Both are float64 results rounded once. Another BLAS or libm changes the last bits of the float64
    # result, so the rounding may go to the neighbour; where terms cancel, the change is absolute.
    allowed = np.spacing(np.abs(stored[finite])).astype(np.float64)
    allowed += 1e-13 * max(1.0, np.abs(b).max())
    if section == 'random':
        allowed = 1e-12 * np.abs(b)
    elif section == 'initializers':
        allowed = np.full(b.shape, 0.0 if entry['bits'] else 1e-6)
    excess = np.abs(a - b) - allowed
    if (excess <= 0).all():
        return None
    worst = excess.argmax()
    return 'a difference is %.2g, where %.2g is allowed' % (np.abs(a - b)[worst], allowed[worst])


def check(golden, pattern):
    """Runs the entries again, compares all that is stored, and returns how many entries differ."""
    counts = {}
    for section, entry, name, file in golden.entries(pattern):
        stored = golden.stored(name, file)
        try:
            made, _ = run(golden, section, entry, name, file)
            absent = sorted(set(stored) - set(made) - given(entry))
            faults = ['%s: Chainer does not give it' % key for key in absent]
            for key, a in made.items():
                fault = difference(stored[key], a, section, entry) if key in stored else 'it is not stored'
                faults += ['%s: %s' % (key, fault)] if fault else []
        except Exception as error:
            faults = ['Chainer refuses it: %s' % describe(error)]
        for fault in faults:
            print('%s %s: %s' % (section, name, fault), flush=True)
        count = counts.setdefault(section, [0, 0])
        count[bool(faults)] += 1
    for section, (same, other) in counts.items():
        print('%s: %d reproduced, %d not' % (section, same, other))
    if not counts:
        raise Failure('--filter: no entry has a name that matches %s' % pattern)
    return sum(other for _, other in counts.values())


def remake(golden, out, pattern):
    """Writes the set anew: the entries that match are run again, all else is copied."""
    if os.path.exists(out):
        raise Failure('--out: %s exists already' % out)
    count = 0
    for section, entry, name, file in golden.entries(pattern):
        try:
            made, err32 = run(golden, section, entry, name, file, with_error=True)
        except Exception as error:
            raise Failure('%s %s: Chainer refuses it: %s' % (section, name, describe(error)))
        if set(made) != set(golden.stored(name, file)) - given(entry):
            raise Failure('%s %s: Chainer does not give the arrays that are stored: run check' %
                          (section, name))
        golden.store(name, file, made)
        if err32 is not None:
            entry['err32'] = err32
        count += 1
    shutil.copytree(golden.directory, out, ignore=shutil.ignore_patterns('*.py'))
    golden.write(out)
    print('%d entries were run again, %s is written' % (count, out))


# ---------------------------------------------------------------- add


def drawn(text, random):
    """(name, array) of NAME=SHAPE[:LOW:HIGH[:TYPE]]: uniform numbers, by default in [-1, 1)."""
    match = re.match(r'^([^=]+)=([\d,]*)(?::([^:]+):([^:]+)(?::(\w+))?)?$', text)
    if not match:
        raise Failure('%s: an array is written NAME=SHAPE[:LOW:HIGH[:TYPE]], as in x0=3,4:-1:1:float32' %
                      text)
    name, shape, low, high, dtype = match.groups()
    try:
        shape = [int(n) for n in shape.split(',') if n]
        a = random.uniform(float(low or -1), float(high or 1), shape)
        return name, np.asarray(a).astype(dtype or 'float32')
    except (ValueError, TypeError) as error:
        raise Failure('%s: %s' % (text, error))


def from_json(option, text):
    try:
        return json.loads(text)
    except ValueError:
        raise Failure('%s: %r is no JSON' % (option, text))


def plain(value):
    """A value of a call as JSON, as the table in README.md says."""
    if isinstance(value, slice):
        return {'slice': [value.start, value.stop, value.step]}
    if value is Ellipsis:
        return {'ellipsis': True}
    if isinstance(value, np.ndarray):
        return {'mask' if value.dtype == bool else 'index': value.tolist()}
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def parse(text, link, inputs):
    """(function, kwargs) of a call: the name without `F.` and the arguments that are not inputs."""
    operators = {'Add': 'add', 'Sub': 'sub', 'Mult': 'mul', 'Div': 'div', 'Pow': 'pow',
                 'FloorDiv': 'floordiv', 'MatMult': 'matmul_operator', 'USub': 'neg'}
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        raise Failure('--call: it is no Python: %s' % error.msg)
    kwargs = {'seed': ast.literal_eval(s.value.args[0]) for s in body
              if isinstance(s, ast.Expr) and ast.unparse(s).startswith('np.random.seed(')}
    node = body[-1].value if isinstance(body[-1], (ast.Expr, ast.Assign)) else None
    if isinstance(node, ast.List) and len(node.elts) == 1:
        node = node.elts[0]
    if link:
        return ast.unparse(ast.parse(link).body[-1].value).split('(')[0].split('.')[-1], kwargs

    unclear = Failure('--call: the function is not clear from the call: give --function and --kwargs')

    def take(name, value):
        nodes = list(ast.walk(value))
        if not any(isinstance(n, ast.Name) and n.id in inputs for n in nodes):
            kwargs[name] = plain(eval(ast.unparse(value), dict(CHAINER)))
        elif any(isinstance(n, (ast.Call, ast.BinOp, ast.UnaryOp)) for n in nodes):
            raise unclear

    if isinstance(node, (ast.BinOp, ast.UnaryOp)) and type(node.op).__name__ in operators:
        for side in (node.left, node.right) if isinstance(node, ast.BinOp) else (node.operand,):
            take('scalar', side)
        return operators[type(node.op).__name__], kwargs
    if isinstance(node, (ast.Call, ast.Attribute)):
        path = ast.unparse(node.func if isinstance(node, ast.Call) else node)
        if re.fullmatch(r'F\.\w+', path) and isinstance(node, ast.Call):
            try:
                parameters = list(inspect.signature(eval(path, dict(CHAINER))).parameters)
            except (AttributeError, ValueError):
                raise Failure('--call: Chainer has no function %s' % path)
            for name, value in zip(parameters, node.args):
                take(name, value)
            for keyword in node.keywords:
                take(keyword.arg, keyword.value)
            return path[2:], kwargs
        distribution = re.fullmatch(r'D\.(\w+)\(.*\)\.(\w+)', path)
        if distribution:
            return '.'.join(distribution.groups()), kwargs
    raise unclear


def slopes_agree(entry, arrays, names, of_outputs):
    """Compares gradients with central differences of their scalar along a random direction each.

    The scalar is sum(y * gy) for the gradients (of_outputs), sum(grad * gg) for the second order.
    """
    random, arrays = np.random.RandomState(0), {k: v.copy() for k, v in arrays.items()}
    pairs = [(o['name'], o['gy']) for o in entry['outputs'] if 'gy' in o] if of_outputs else [
        (i['grad'], i['gg']) for i in entry['inputs'] if 'gg' in i]

    def scalar(made):
        return sum(np.sum(made[name] * arrays[weight].astype(np.float64))
                   for name, weight in pairs if name in made)

    made, step = run_case(entry, arrays, np.float64), 1e-5
    for name in names:
        direction, center = random.uniform(-1, 1, arrays[name].shape), arrays[name]
        values = []
        for sign in (1, -1):
            arrays[name] = np.asarray(center + sign * step * direction)
            values.append(scalar(run_case(entry, arrays, np.float64)))
        arrays[name] = center
        gradient = made.get(('g' if of_outputs else 'g2') + name, 0.0) * direction
        slope = (values[0] - values[1]) / (2 * step)
        # The difference has an error of step ** 2 from curvature and of 1e-16 / step from rounding.
        allowed = 1e-6 * max(1.0, np.sum(np.abs(gradient)), abs(values[0]))
        if not abs(slope - np.sum(gradient)) <= allowed:
            raise Failure('%s: the %s of %s is %.9g along a random direction, but finite differences give '
                          '%.9g: give --edge if the point lies on a kink' %
                          (entry['name'], 'gradient' if of_outputs else 'second order', name,
                           np.sum(gradient), slope))


def add(golden, arguments):
    """Draws the inputs of a new case, runs Chainer, appends the case to the set and returns its entry."""
    if any(entry['name'] == arguments.name for entry in golden.manifest['cases']):
        raise Failure('--name: %s exists already' % arguments.name)
    random, arrays, inputs = np.random.RandomState(arguments.seed), {}, []

    def give(name, role, a):
        if name in arrays:
            raise Failure('%s is given twice' % name)
        arrays[name] = a
        inputs.append({'name': name, 'role': role, 'dtype': a.dtype.name, 'shape': list(a.shape)})

    for role, texts in (('input', arguments.input), ('const', arguments.const)):
        for text in texts:
            name, a = drawn(text, random)
            give(name, role, a)
    function, kwargs = arguments.function, from_json('--kwargs', arguments.kwargs or '{}')
    if function is None:
        function, kwargs = parse(arguments.call, arguments.link, set(arrays))
    entry = {'name': arguments.name, 'group': arguments.group, 'function': function,
             'call': arguments.call, 'kwargs': kwargs, 'inputs': inputs, 'outputs': []}
    if arguments.link:
        entry['link'] = arguments.link
        for path, p in sorted(eval(arguments.link, dict(CHAINER)).namedparams()):
            if p.array is None:
                raise Failure('--link: the parameter %s has no shape yet: give all sizes' % path[1:])
            give(path[1:], 'param', random.uniform(-1, 1, p.shape).astype(np.float32))
    if arguments.config:
        pairs = [text.partition('=') for text in arguments.config]
        entry['config'] = {name: from_json('--config', value) for name, _, value in pairs}
    if arguments.edge:
        entry['edge'] = True
    complete(entry, arrays, random)
    file = arguments.group + '.npz'
    golden.store(arguments.name, file, arrays)
    exact, entry['err32'] = run(golden, 'cases', entry, arguments.name, file, with_error=True)
    entry['file'] = file
    golden.store(arguments.name, file, exact)
    golden.manifest['cases'].append(entry)
    counts = golden.manifest['counts']
    counts['cases'] += 1
    counts['with_gradients'] += any('grad' in i for i in inputs)
    counts['with_second_order'] += any('gg' in i for i in inputs)
    counts['by_group'][arguments.group] = counts['by_group'].get(arguments.group, 0) + 1
    golden.write(golden.directory)
    return entry


def complete(entry, arrays, random):
    """Runs a new case to learn its outputs and which gradients it has, and draws gy and gg."""
    random_like = lambda a: np.asarray(random.uniform(-1, 1, a.shape)).astype(np.float32)
    variables, ys, _ = call(entry, arrays, None)
    for index, y in enumerate(ys):
        a = array_of(y)
        output = {'name': 'y%d' % index, 'dtype': a.dtype.name, 'shape': list(a.shape)}
        if a.dtype.kind == 'f' and getattr(y, 'creator', None) is not None:
            output['gy'] = 'gy%d' % index
            arrays[output['gy']] = random_like(a)
        entry['outputs'].append(output)
    edge, dtype = entry.get('edge'), None if own_types(entry) else np.float64
    if dtype is None and not edge:
        raise Failure('%s: an output is float16 or float64, and finite differences need a run in float64: '
                      'give --edge' % entry['name'])
    candidates = [i for i in entry['inputs'] if i['name'] in variables]
    for given in candidates:
        given['grad'] = 'g' + given['name']
    made = run_case(entry, arrays, dtype)
    reached = [i for i in candidates if i['grad'] in made]
    for given in candidates:
        if given not in reached:
            del given['grad']
    nonfinite = [o['name'] for o in entry['outputs'] if not np.isfinite(made[o['name']]).all()]
    if nonfinite:
        entry['nonfinite'] = nonfinite
    if not reached:
        entry['differentiable'] = False
        for output in entry['outputs']:
            arrays.pop(output.pop('gy', None), None)
        return
    for given in reached:
        given['gg'] = 'gg' + given['name']
        arrays[given['gg']] = random_like(arrays[given['name']])
    try:
        made = run_case(entry, arrays, dtype)
    except Exception as error:
        entry['second_order'], entry['second_order_why'] = None, describe(error)
        for given in reached:
            del arrays[given.pop('gg')]
    if not edge:
        slopes_agree(entry, arrays, [i['name'] for i in reached], True)
    if 'second_order' not in entry:
        gys = [o['gy'] for o in entry['outputs'] if 'gy' in o]
        if not edge:
            slopes_agree(entry, arrays, [i['name'] for i in reached] + gys, False)
        parts = [(i, 'g2' + i['name']) for i in reached]
        for part, key in parts + [(o, 'g2g' + o['name']) for o in entry['outputs']]:
            if key in made:
                part['grad2'] = key


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest='command', required=True)
    for name in ('check', 'remake', 'add'):
        command = commands.add_parser(name)
        command.add_argument('--chainer', required=True, metavar='DIR', help='a checkout of Chainer')
        command.add_argument('--golden', required=True, metavar='DIR', help='the set')
        if name != 'add':
            command.add_argument('--filter', default='', metavar='REGEX',
                                 help='only the entries whose name matches')
    commands.choices['remake'].add_argument('--out', required=True, metavar='DIR',
                                            help='the new set')
    for option, details in {
            'name': dict(required=True), 'group': dict(required=True, help='the npz file, as in math'),
            'call': dict(required=True, help='the call as Python'), 'link': dict(help='the link as Python'),
            'input': dict(action='append', default=[], metavar='NAME=SHAPE[:LOW:HIGH[:TYPE]]'),
            'const': dict(action='append', default=[], metavar='NAME=SHAPE[:LOW:HIGH[:TYPE]]'),
            'config': dict(action='append', default=[], metavar='NAME=JSON', help='as in train=false'),
            'edge': dict(action='store_true', help='a kink: do not compare with finite differences'),
            'seed': dict(type=int, default=0), 'function': dict(help='if the call does not tell it'),
            'kwargs': dict(help='its arguments as JSON')}.items():
        commands.choices['add'].add_argument('--' + option, **details)
    arguments = parser.parse_args()
    try:
        try:
            re.compile(getattr(arguments, 'filter', ''))
        except re.error as error:
            raise Failure('--filter: it is no regular expression: %s' % error)
        golden = Golden(arguments.golden)
        version = import_chainer(arguments.chainer)
        if golden.manifest['made_with'] != 'Chainer ' + version:
            raise Failure('--chainer: the set was made with %s, this is Chainer %s' %
                          (golden.manifest['made_with'], version))
        if arguments.command == 'check':
            return 1 if check(golden, arguments.filter) else 0
        if arguments.command == 'remake':
            remake(golden, arguments.out, arguments.filter)
        else:
            try:
                entry = add(golden, arguments)
            except Failure:
                raise
            except Exception as error:
                raise Failure('--name %s: Chainer refuses the case: %s' %
                              (arguments.name, describe(error)))
            print(json.dumps(entry))
    except Failure as failure:
        print('record.py: %s' % failure, file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    sys.exit(main())

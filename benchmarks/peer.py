#!/usr/bin/env python3
"""Measures PyTorch for compare.py: ops, training steps and the graph, with the same names of rows as Chainette.

peer.py --list prints the names. Otherwise, each line of the input is a request {"row": NAME, "seconds": S}. The answer
is a line {"us": MEDIAN, "least": LEAST}: microseconds per call, over samples of at least a millisecond.
"""
import argparse
import json
import statistics
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F

SHORTEST_SAMPLE = 1e-3  # seconds; shorter calls are timed many at a time


def measure(call, seconds):
    call()
    begin = time.perf_counter()
    call()
    calls = max(1, int(SHORTEST_SAMPLE / (time.perf_counter() - begin)))
    samples = []
    end = time.perf_counter() + seconds
    while len(samples) < 3 or time.perf_counter() < end:
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        samples.append((time.perf_counter() - begin) / calls * 1e6)
    return {'us': statistics.median(samples), 'least': min(samples)}


# Operands. An operand that requires a gradient gets a new gradient at each call.

def leaf(*shape):
    return torch.randn(*shape, requires_grad=True)


def positive(*shape):
    return (torch.rand(*shape) + 0.5).requires_grad_()


def fraction(*shape):
    return (torch.rand(*shape) - 0.5).requires_grad_()


def forward(function, inputs):
    def call():
        with torch.no_grad():
            function(*inputs)
    return call


def forward_backward(function, inputs):
    leaves = [x for x in inputs if x.requires_grad]
    with torch.no_grad():
        gy = torch.randn_like(function(*inputs))

    def call():
        for x in leaves:
            x.grad = None
        function(*inputs).backward(gy)
    return call


COMMON = {
    'add': (torch.add, leaf, leaf), 'mul': (torch.mul, leaf, leaf), 'log': (torch.log, positive),
    'tanh': (torch.tanh, leaf), 'sigmoid': (torch.sigmoid, leaf), 'relu': (F.relu, leaf),
    'softplus': (F.softplus, leaf), 'exp': (torch.exp, leaf), 'sum_all': (torch.sum, leaf),
    'sum_axis1': (lambda x: x.sum(1), leaf), 'softmax': (lambda x: F.softmax(x, 1), leaf),
    'log_softmax': (lambda x: F.log_softmax(x, 1), leaf), 'dropout': (lambda x: F.dropout(x, 0.5), leaf),
}
OTHERS = {
    'sub': (torch.sub, leaf, leaf), 'div': (torch.div, leaf, positive), 'pow': (torch.pow, positive, leaf),
    'pow_2.5': (lambda x: x ** 2.5, positive), 'square': (torch.square, leaf),
    'maximum': (torch.maximum, leaf, leaf), 'arctan2': (torch.atan2, leaf, leaf),
    'fmod': (torch.fmod, leaf, positive), 'absolute': (torch.abs, leaf),
    'clip': (lambda x: torch.clamp(x, -1, 1), leaf), 'elu': (F.elu, leaf),
    'leaky_relu': (lambda x: F.leaky_relu(x, 0.2), leaf), 'sqrt': (torch.sqrt, positive),
    'rsqrt': (torch.rsqrt, positive), 'expm1': (torch.expm1, leaf), 'log1p': (torch.log1p, positive),
    'log2': (torch.log2, positive), 'sin': (torch.sin, leaf), 'cos': (torch.cos, leaf), 'tan': (torch.tan, leaf),
    'arcsin': (torch.asin, fraction), 'arctan': (torch.atan, leaf), 'arctanh': (torch.atanh, fraction),
    'sinh': (torch.sinh, leaf), 'cosh': (torch.cosh, leaf), 'erf': (torch.erf, leaf), 'erfc': (torch.erfc, leaf),
    'erfinv': (torch.erfinv, fraction), 'ndtr': (torch.special.ndtr, leaf), 'lgamma': (torch.lgamma, positive),
    'digamma': (torch.digamma, positive), 'sum_axis0': (lambda x: x.sum(0), leaf),
    'max_axis1': (lambda x: x.amax(1), leaf), 'logsumexp_axis1': (lambda x: torch.logsumexp(x, 1), leaf),
    'cumsum_axis1': (lambda x: torch.cumsum(x, 1), leaf), 'transpose_copy': (lambda x: x.t().contiguous(), leaf),
    'concat_axis1': (lambda x, y: torch.cat([x, y], 1), leaf, leaf),
}


def text(shape):
    return 'x'.join(map(str, shape))


def rows():
    """op, shape, function, a function that makes its inputs"""
    for ops, shapes in ((COMMON, [(10, 100), (100, 784), (1000, 1000), (1000, 10000)]),
                        (OTHERS, [(100, 784), (1000, 1000)])):
        for s in shapes:
            for op, (function, *operands) in ops.items():
                yield op, text(s), function, lambda s=s, operands=operands: [o(*s) for o in operands]
    for s in [(100, 784), (1000, 1000)]:
        yield 'add_row', text(s), torch.add, lambda s=s: [leaf(*s), leaf(s[1])]

    yield 'matmul', '512x512@512x512', torch.matmul, lambda: [leaf(512, 512), leaf(512, 512)]
    yield 'matmul_batch', '64x64x64@64x64x64', torch.matmul, lambda: [leaf(64, 64, 64), leaf(64, 64, 64)]
    for op, n, x in (('linear', 784, leaf), ('linear', 500, leaf), ('linear_no_gx', 784, torch.rand)):
        yield op, f'100x{n}->500', F.linear, lambda n=n, x=x: [x(100, n), leaf(500, n), leaf(500)]

    for s in [(100, 784), (1000, 784)]:
        def pair(s=s):
            return [torch.rand(*s), leaf(*s)]
        yield 'bernoulli_nll_composed', text(s), lambda x, y: torch.sum(F.softplus(y) - x * y), pair
        yield ('bernoulli_nll', text(s),
               lambda x, y: F.binary_cross_entropy_with_logits(y, x, reduction='sum'), pair)
        yield 'mean_squared_error', text(s), lambda x, y: F.mse_loss(y, x), pair
        yield 'squared_error_batch_mean', text(s), lambda x, y: torch.mean(torch.sum((x - y) ** 2, 1)), pair
    for s in [(100, 20), (1000, 784)]:
        def two(s=s):
            return [leaf(*s), leaf(*s)]
        yield 'gaussian', text(s), lambda mu, v: mu + torch.exp(v / 2) * torch.randn_like(mu), two
        yield ('gaussian_given_eps', text(s), lambda mu, v, eps: mu + torch.exp(v / 2) * eps,
               lambda s=s: [leaf(*s), leaf(*s), torch.randn(*s)])
        yield ('gaussian_kl_divergence', text(s),
               lambda mu, v: 0.5 * torch.sum(mu * mu + torch.exp(v) - v - 1), two)
    for s in [(100, 10), (256, 1000)]:
        yield ('softmax_cross_entropy', text(s), F.cross_entropy,
               lambda s=s: [leaf(*s), torch.randint(s[1], (s[0],))])

    images = (64, 64, 32, 32)
    yield ('convolution_3x3_pad1', text(images) + '->64', lambda x, W, b: F.conv2d(x, W, b, padding=1),
           lambda: [leaf(*images), leaf(64, 64, 3, 3), leaf(64)])
    yield ('convolution_4x4_stride2_pad1', text(images) + '->128',
           lambda x, W, b: F.conv2d(x, W, b, stride=2, padding=1),
           lambda: [leaf(*images), leaf(128, 64, 4, 4), leaf(128)])
    yield 'max_pooling_2x2', text(images), lambda x: F.max_pool2d(x, 2), lambda: [leaf(*images)]
    yield 'average_pooling_2x2', text(images), lambda x: F.avg_pool2d(x, 2), lambda: [leaf(*images)]
    yield 'unpooling_2x2', text(images), lambda x: F.interpolate(x, scale_factor=2), lambda: [leaf(*images)]
    yield ('batch_normalization', text(images),
           lambda x, gamma, beta, mean, var: F.batch_norm(x, mean, var, gamma, beta, training=True),
           lambda: [leaf(*images), leaf(64), leaf(64), torch.zeros(64), torch.ones(64)])
    yield ('layer_normalization', '256x1024', lambda x, gamma, beta: F.layer_norm(x, (1024,), gamma, beta),
           lambda: [leaf(256, 1024), leaf(1024), leaf(1024)])
    yield ('embed_id', '256x32 of 10000x128', lambda ids, W: F.embedding(ids, W),
           lambda: [torch.randint(10000, (256, 32)), leaf(10000, 128)])


# ---- training steps

def reparameterized(mu, ln_var):
    return mu + torch.exp(ln_var / 2) * torch.randn_like(mu)


def kl_divergence(mu, ln_var):
    return 0.5 * torch.sum(mu * mu + torch.exp(ln_var) - ln_var - 1)


class VAE(nn.Module):
    """784-500-500-20, or 784-500-20 with one layer; pixels are Bernoulli variables."""

    def __init__(self, layers, hidden):
        super().__init__()

        def middle():
            return [nn.Linear(hidden, hidden), nn.Tanh()] if layers == 2 else []
        self.encoder = nn.Sequential(nn.Linear(784, hidden), nn.Tanh(), *middle())
        self.mu, self.ln_var = nn.Linear(hidden, 20), nn.Linear(hidden, 20)
        self.decoder = nn.Sequential(nn.Linear(20, hidden), nn.Tanh(), *middle(), nn.Linear(hidden, 784))

    def forward(self, x):
        h = self.encoder(x)
        mu, ln_var = self.mu(h), self.ln_var(h)
        y = self.decoder(reparameterized(mu, ln_var))
        nll = F.binary_cross_entropy_with_logits(y, x, reduction='sum')
        return (nll + kl_divergence(mu, ln_var)) / len(x)


class ConvVAE(nn.Module):
    """The network of conv_vae_step.cpp."""

    def __init__(self, ch):
        super().__init__()

        def conv(n_in, n_out, size=3, stride=1):
            return nn.Conv2d(n_in, n_out, size, stride, 1)

        def block(n_in, n_out, size=3, stride=1):
            return [conv(n_in, n_out, size, stride), nn.BatchNorm2d(n_out), nn.LeakyReLU(0.2)]
        n = 16 * ch
        self.encoder = nn.Sequential(
            conv(3, ch // 8), nn.LeakyReLU(0.2), *block(ch // 8, ch // 4, 4, 2), *block(ch // 4, ch // 4),
            *block(ch // 4, ch // 2, 4, 2), *block(ch // 2, ch // 2), *block(ch // 2, ch, 4, 2), *block(ch, ch),
            nn.Flatten())
        self.mu, self.ln_var = nn.Linear(n, 50), nn.Linear(n, 50)
        twice = nn.Upsample(scale_factor=2)
        self.decoder = nn.Sequential(
            nn.Linear(50, n), nn.BatchNorm1d(n), nn.Tanh(), nn.Unflatten(1, (ch, 4, 4)),
            *block(ch, ch // 2), twice, *block(ch // 2, ch // 4), twice, *block(ch // 4, ch // 8), twice,
            conv(ch // 8, 3), nn.Sigmoid())

    def forward(self, x):
        h = self.encoder(x)
        mu, ln_var = self.mu(h), self.ln_var(h)
        y = self.decoder(reparameterized(mu, ln_var))
        return F.mse_loss(255 * y, 255 * x) + kl_divergence(mu, ln_var) / len(x)


def train(model, next_batch):
    """A step: a batch, its loss, backward, Adam."""
    optimizer = torch.optim.Adam(model.parameters())

    def step():
        loss = model(next_batch())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    return step


def batches(data, size):
    """A function that gathers the next batch by a permutation, a new one for each epoch."""
    def endless():
        while True:
            order = torch.randperm(len(data))
            for begin in range(0, len(data) - size + 1, size):
                yield data[order[begin:begin + size]]
    return endless().__next__


def vae_step(layers, batch, hidden):
    return train(VAE(layers, hidden), batches(torch.rand(max(10000, 2 * batch), 784), batch))


def conv_vae_step(ch, batch, layout):
    formats = {'channels_first': torch.contiguous_format, 'channels_last': torch.channels_last}
    model = ConvVAE(ch).to(memory_format=formats[layout])
    x = torch.rand(batch, 3, 32, 32).to(memory_format=formats[layout])
    return train(model, lambda: x)


def chain(nodes):
    def call():
        x = torch.ones((), requires_grad=True)
        y = x
        for _ in range(nodes):
            y = y + x
        y.backward()
    return call


def adam_update():
    model = VAE(2, 500)
    for p in model.parameters():
        p.grad = torch.randn_like(p)
    return torch.optim.Adam(model.parameters()).step


def calls():
    """A dictionary from names to functions that make the measured call."""
    table = {}
    for op, shape, function, inputs in rows():
        table[f'forward/{op}/{shape}'] = lambda f=function, x=inputs: forward(f, x())
        table[f'forward_backward/{op}/{shape}'] = lambda f=function, x=inputs: forward_backward(f, x())
    table['forward/adam_update/1.3 million'] = adam_update
    return table


def make_call(name, table):
    if name in table:
        return table[name]()
    kind, *options = name.split('/')
    options = {key: int(value) if value.isdigit() else value for key, value in (o.split('=') for o in options)}
    makers = {'vae_step': vae_step, 'conv_vae_step': conv_vae_step, 'chain': chain}
    if kind in makers:
        return makers[kind](**options)
    raise SystemExit(f'peer.py: there is no row {name}')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--threads', type=int, default=torch.get_num_threads())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    table = calls()
    if args.list:
        print('\n'.join(table))
        return
    print(json.dumps({'torch': torch.__version__, 'threads': torch.get_num_threads()}), flush=True)
    made = (None, None)
    for line in sys.stdin:
        request = json.loads(line)
        if made[0] != request['row']:
            made = (request['row'], make_call(request['row'], table))
        print(json.dumps(measure(made[1], request['seconds'])), flush=True)


if __name__ == '__main__':
    main()

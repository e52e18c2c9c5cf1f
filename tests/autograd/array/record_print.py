#!/usr/bin/env python3
"""Writes numpy_print.txt: arrays, and what NumPy prints of them. Recorded with NumPy 1.24.2."""
import numpy as np

r = np.random.RandomState(0)
out = open("numpy_print.txt", "w")


def encode(v):
    return float(v).hex() if isinstance(v, float) and np.isfinite(v) else str(v)


def lines(text):
    return f"{text.count(chr(10)) + 1}\n{text}\n"


def add(a, sep=" ", indent=0):
    a = np.asarray(a)
    numbers = [float(v) if a.dtype.kind == "f" else int(v) for v in a.ravel()]
    out.write(f"{a.dtype} {','.join(map(str, a.shape)) or '-'} {indent} {'comma' if sep == ', ' else 'space'}\n")
    out.write(" ".join(map(encode, numbers)) + "\n")
    out.write(lines(np.array2string(a, separator=sep, prefix=" " * indent)) + lines(str(a)))


for dt in (np.float32,np.float64):
    add(np.array([1,2,3],dt)); add(np.array(1.5,dt)); add(np.array(0.1,dt)); add(np.array([[1,2],[3,4.5]],dt))
    add(np.array([1e-5,1234.5],dt)); add(np.array([1e8,1],dt)); add(np.array([np.nan,1,-np.inf],dt)); add(np.array([np.nan],dt)); add(np.array([np.inf,-np.inf,0],dt)); add(np.array([-0.0,0.0],dt))
    add(np.array([1e30,1e-30],dt)); add(np.array([0.1,0.25,1/3],dt)); add(np.array([123456.789,0.5],dt)); add(np.array([1e-10],dt)); add(np.array([np.nan,1e10],dt)); add(np.zeros((2,0),dt)); add(np.zeros((0,),dt)); add(np.zeros((2,2,2),dt))
    add(np.array([99999999.0],dt)); add(np.array([0.99999999],dt)); add(np.array([0.0001],dt)); add(np.array([1e-300 if dt==np.float64 else 1e-44],dt)); add(np.array([1.5e300 if dt==np.float64 else 1.5e38, 1],dt)); add(np.array(1e16,dt)); add(np.array(1e-5,dt)); add(np.array(123456.7,dt)); add(np.array(np.nan,dt))
    for shape in [(3,), (10,), (30,), (2, 3), (3, 2, 4), (2, 2, 2, 3), (1001,), (2, 600), (12, 11, 10)]:
        for s in (1, 1e-3, 1e5) if np.prod(shape) < 100 else (1,):
            add((r.randn(*shape)*s).astype(dt))
    add(r.rand(4,5).astype(dt),', ',9); add(r.rand(2,40).astype(dt),', ',9)
    add((10.0**r.uniform(-6,6,(20,))).astype(dt)); add((10.0**r.uniform(-3,2,(20,))).astype(dt)); add(np.round(r.randn(30),1).astype(dt))
for dt in (np.int32,np.int64,np.uint8):
    add(np.arange(5).astype(dt)); add(np.arange(40).reshape(4,10).astype(dt)); add(np.arange(2000).astype(dt)); add(np.array(7,dt))
add(np.array([-5,100,3])); add(np.array([True,False])); add(np.array(True)); add(np.ones((3,30),bool)); add(np.array([-2**63,2**63-1]))
# 75-column borders
for n in range(10,40): add(np.arange(n)*7)

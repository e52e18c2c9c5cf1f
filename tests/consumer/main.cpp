#include <cstdio>

#include "autograd/base/random.h"

int main() { std::puts("ok"); }

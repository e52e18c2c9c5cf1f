// Runs a program with kernels for one instruction set, or ends with 77 (skipped) where the
// processor lacks it. usage: with_isa ISA PROGRAM ARGUMENTS...
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "autograd/machine/cpu.h"

int main(int count, char** arguments) {
  if (count < 3) return std::fputs("usage: with_isa ISA PROGRAM ARGUMENTS...\n", stderr), 2;
  for (autograd::cpu::Isa isa : autograd::cpu::supported()) {
    if (autograd::cpu::name(isa) != arguments[1]) continue;
    setenv("AUTOGRAD_ISA", arguments[1], 1);
    execv(arguments[2], arguments + 2);
    return std::perror(arguments[2]), 1;
  }
  std::printf("this processor has no %s\n", arguments[1]);
  return 77;
}

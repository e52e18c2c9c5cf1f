// Works outside of main(): while global objects are made, in their destructors, in functions given
// to atexit(), in destructors of thread-local objects, and in children of fork(). Exits with 1 if
// any of that goes wrong.
// usage: AROUND_MAIN=TIMES around_main   where TIMES names some of: before main after before_fork
// main_fork after_fork; so each of them may be the first to work in the process, or come later
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "autograd/array/linalg.h"
#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/threads.h"

// The sanitizer lets children of several threads live, but loses count of threads that they start.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0:atexit_sleep_ms=0"; }

namespace {

namespace F = autograd;
using F::Array, F::Variable;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "around_main: %s must come out right, but it does not\n", what);
  _exit(1);
}

// A little of everything that keeps something for later: the pool of threads, blocks of memory,
// products, convolutions, random numbers, the graph, hooks, tables, reporters.
void work() {
  const Array ones = Array::full({300, 300}, 1, F::Dtype::float32);
  require(F::sum(F::exp(Variable(ones)) * 0 + 1).item() == 90000, "a loop");
  require(F::matmul(ones, ones).array().to_vector<float>()[89999] == 300, "a product");
  const Array doubles = ones.astype(F::Dtype::float64);
  require(F::matmul(doubles, doubles).array().to_vector<double>()[0] == 300, "a float64 product");
  require(F::array::eigvalsh(doubles).to_vector<double>()[299] > 299.99, "an eigenvalue");

  Variable x(Array::full({4, 3, 20, 20}, 1, F::Dtype::float32));
  const Variable y = F::convolution_2d(x, Array::full({16, 3, 3, 3}, 1, F::Dtype::float32));
  require(y.array().to_vector<float>()[0] == 27, "a convolution");
  F::sum(y).backward();
  require(x.grad().to_vector<float>()[0] == 16, "the gradient of a convolution");

  F::TimerHook timer;
  {
    const auto scope = timer.watch();
    F::dropout(F::tanh(x), 0.5);
  }
  require(timer.summary().size() == 2, "what a hook sees");
  require(x.name().empty(), "no name");
  require(F::random::generator().permutation(10).size() == 10, "a permutation");

  const nn::distributions::Normal p(Array::zeros({2}, F::Dtype::float32),
                                    Array::full({2}, 1, F::Dtype::float32));
  require(F::sum(nn::distributions::kl_divergence(p, p)).item() == 0, "a divergence");

  nn::Linear lazy(5);
  require(lazy(ones).length(1) == 5, "the first call of a layer");
  nn::Reporter reporter;
  reporter.add_observer("main", lazy);
  nn::Observation observation;
  {
    const auto scope = reporter.scope(observation);
    nn::report({{"loss", 1}}, lazy);
  }
  require(observation.at("main/loss").item() == 1, "a report");
}

// Its child ends by exit(), and so works again in what comes after main().
void work_in_child() {
  const pid_t child = fork();
  require(child >= 0, "a fork");
  if (child == 0) {
    if (!kChildrenMayStartThreads) F::parallel::set_threads(1);
    work();
    if (kChildrenMayStartThreads) F::parallel::set_threads(3);
    work();
    std::exit(0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the end of a child");
}

bool planned(std::string_view time) {
  const char* const times = std::getenv("AROUND_MAIN");
  for (std::string_view rest = times ? times : ""; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == time) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

void before_main() {
  if (planned("before")) work();
  if (planned("before_fork")) work_in_child();
}
bool is_child = false;
void after_main() {
  if (planned("after")) work();
  if (planned("after_fork") && !is_child) {
    is_child = true;  // of a child's own end, no further child
    work_in_child();
    is_child = false;
  }
}

struct Global {
  Global() { before_main(); }
  ~Global() { after_main(); }
};
const Global first;  // destroyed last
Variable kept;       // a graph of static lifetime
const Global second;

struct ThreadLocal {
  ~ThreadLocal() { after_main(); }
  int touched = 0;
};
// Made before this thread works for the first time, and so destroyed after what the library keeps
// for the thread.
thread_local ThreadLocal thread_local_object;

}  // namespace

int main() {
  ++thread_local_object.touched;
  std::atexit(after_main);
  if (planned("main")) {
    work();
    kept = F::tanh(Variable(Array::full({1000, 1000}, 1, F::Dtype::float32)));
  }
  if (planned("main_fork")) work_in_child();
  std::thread([] {
    ++thread_local_object.touched;
    if (planned("main")) work();
  }).join();
  std::atexit(after_main);
}

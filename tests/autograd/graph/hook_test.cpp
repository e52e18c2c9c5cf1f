#include "autograd/graph/hook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "autograd/functions/activation/activation.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/exponential.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/config.h"
#include "tests/message.h"

namespace autograd {
namespace {

class Recorder : public FunctionHook {
 public:
  void forward_preprocess(const FunctionNode& f, const Inputs& x) override {
    log += "<" + f.label() + "/" + std::to_string(x.size());
  }
  void forward_postprocess(const FunctionNode&, const Inputs&, const Arrays&) override {
    log += ">";
  }
  void backward_preprocess(const FunctionNode& f, const Variables&) override {
    log += "[" + f.label();
  }
  void backward_postprocess(const FunctionNode&, const Variables&, const Grads&) override {
    log += "]";
  }
  std::string log;
};

TEST(FunctionHook, SeesEveryCallWhileItIsInScope) {
  Recorder hook;
  const Variable x(Array::of({1.f, 2.f}));
  tanh(x);
  {
    const auto scope = hook.watch();
    sum(x * x).backward();
  }
  tanh(x);
  EXPECT_THAT(hook.log, ::testing::StartsWith("<_ * _/2><Sum/1>[Sum"));
  EXPECT_THAT(hook.log, ::testing::HasSubstr("[_ * _"));
  EXPECT_TRUE(function_hooks().empty());
}

TEST(TimerHook, PrintsChainersTable) {
  TimerHook timer;
  const Variable x(Array::of({1.f, 2.f}));
  {
    const auto scope = timer.watch();
    tanh(tanh(x));
    exp(x);
  }
  EXPECT_EQ(timer.summary().at("Tanh").occurrence, 2);
  EXPECT_GT(timer.total_time(), 0);
  EXPECT_THAT(timer.report(),
              ::testing::MatchesRegex("FunctionName  ElapsedTime  Occurrence\n"
                                      "        Tanh  +[0-9.]+(ns|us|ms|sec)           2\n"
                                      "         exp  +[0-9.]+(ns|us|ms|sec)           1\n"));
}

TEST(NanHook, NamesFunctionAndVariable) {
  NanHook hook;
  const auto scope = hook.watch();
  const Variable negative(Array::of({-1.f}));
  EXPECT_EQ(message_of([&] { log(negative); }),
            "NaN is detected on forward computation of log: output 0, float32(1)");
  const Variable large(Array::of({INFINITY}), {.name = "w"});
  Variable y = sqrt(large);
  y.set_grad(Array::of({INFINITY}));  // times a slope of 0
  EXPECT_EQ(
      message_of([&] { y.backward(); }),
      "NaN is detected on backward computation of sqrt: the gradient of input 0 (w), float32(1)");
}

TEST(Debug, RefusesNan) {
  const auto debug = using_config(&Config::debug, true);
  EXPECT_EQ(message_of([&] { log(Variable(Array::of({-1.f}))); }),
            "NaN is detected on forward computation of log");
  const Variable large(Array::of({INFINITY}));
  Variable y = sqrt(large);
  y.set_grad(Array::of({INFINITY}));  // times a slope of 0
  EXPECT_EQ(message_of([&] { y.backward(); }), "NaN is detected on backward computation of sqrt");
}

}  // namespace
}  // namespace autograd

#pragma once

#include <exception>
#include <functional>
#include <string>

#include "nn/training/extension.h"

namespace nn::training {

// The arguments of make_extension(). What is not given does nothing, or is as for any extension.
struct MakeExtensionOptions {
  Trigger trigger = {1, "iteration"};
  std::string default_name = {};
  int priority = kPriorityReader;
  std::function<void()> finalizer = {};
  std::function<void(Trainer&)> initializer = {};
  std::function<void(Trainer&, const std::exception&)> on_error = {};
};

// An extension made of functions; see make_extension().
class FunctionExtension : public Extension {
 public:
  FunctionExtension(std::function<void(Trainer&)> f, MakeExtensionOptions options);

  void operator()(Trainer& trainer) override { f_(trainer); }
  std::string default_name() const override { return options_.default_name; }
  Trigger default_trigger() override { return options_.trigger; }
  int default_priority() const override { return options_.priority; }
  void initialize(Trainer& trainer) override;
  void on_error(Trainer& trainer, const std::exception& error) override;
  void finalize() override;

 private:
  std::function<void(Trainer&)> f_;
  MakeExtensionOptions options_;
};

// Makes an extension of a function: chainer.training.make_extension, which is a decorator in Python
// and names the extension after the function; here extend() needs a name where options has none.
//   trainer.extend(training::make_extension([](Trainer& t) { ... },
//                                           {.trigger = {1, "epoch"}, .default_name = "note"}));
FunctionExtension make_extension(std::function<void(Trainer&)> f,
                                 MakeExtensionOptions options = {});

}  // namespace nn::training

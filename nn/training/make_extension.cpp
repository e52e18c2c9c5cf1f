#include "nn/training/make_extension.h"

#include <utility>

#include "autograd/base/error.h"

namespace nn::training {

FunctionExtension::FunctionExtension(std::function<void(Trainer&)> f, MakeExtensionOptions options)
    : f_(std::move(f)), options_(std::move(options)) {
  if (!f_) throw autograd::Error("make_extension: a function must be given, but it is none");
}

void FunctionExtension::initialize(Trainer& trainer) {
  if (options_.initializer) options_.initializer(trainer);
}
void FunctionExtension::on_error(Trainer& trainer, const std::exception& error) {
  if (options_.on_error) options_.on_error(trainer, error);
}
void FunctionExtension::finalize() {
  if (options_.finalizer) options_.finalizer();
}

FunctionExtension make_extension(std::function<void(Trainer&)> f, MakeExtensionOptions options) {
  return {std::move(f), std::move(options)};
}

}  // namespace nn::training

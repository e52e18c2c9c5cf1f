// Any bytes as the snapshot of a small trainer: refused whole, with nothing changed, or loaded, so
// that it can be saved and loaded again and the training can go on.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/fuzz/folder.h"
#include "tests/fuzz/require.h"

namespace {

namespace F = autograd;
namespace extensions = nn::training::extensions;
using F::Array, F::Variable;

// Two epochs of two iterations.
struct Training {
  explicit Training(const std::string& out) {
    optimizer.setup(model);
    updater.emplace(iterator, optimizer, [this](const F::Arrays& batch) {
      const Variable loss = F::sum(model(batch[0]));
      nn::report({{"loss", loss}});
      return loss;
    });
    trainer.emplace(*updater, nn::training::Trigger(2, "epoch"), out);
    trainer->extend(extensions::LogReport({.filename = ""}));
    trainer->extend(extensions::ExponentialShift("alpha", 0.5));
    trainer->extend(extensions::snapshot({.filename = "s_{iteration}"}));
  }

  nn::Linear model{2, 1};
  nn::optimizers::Adam optimizer;
  nn::datasets::TupleDataset data{Array::zeros({4, 2}, F::Dtype::float32)};
  nn::iterators::SerialIterator iterator{data, 2};
  std::optional<nn::training::StandardUpdater> updater;
  std::optional<nn::training::Trainer> trainer;
};

std::string bytes_of(const nn::FileValue& entry) {
  if (const auto* array = std::get_if<Array>(&entry)) return nn::npy::encode(*array);
  if (const auto* text = std::get_if<std::string>(&entry)) return *text;
  return {};
}

// All there is in a trainer but the time that it took.
std::string state_of(nn::training::Trainer& trainer) {
  std::string state;
  for (const auto& [key, entry] : nn::serializers::save(nn::serializers::serialize_of(trainer)))
    if (!key.ends_with("elapsed_time") && !key.ends_with("_snapshot_elapsed_time"))
      state += key + "=" + bytes_of(entry) + "\n";
  return state;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder("snapshot");
  const std::string path = folder.write("snapshot", data, size);

  F::random::seed(0);
  Training training(folder / "");
  const std::string before = state_of(*training.trainer);
  if (!fuzz::accepts([&] { nn::serializers::load_npz(path, *training.trainer); })) {
    fuzz::require(state_of(*training.trainer) == before, "what is refused must change nothing");
    return 0;
  }
  fuzz::accepts([&] {
    const std::string loaded = state_of(*training.trainer);
    const auto saved = nn::serializers::save(nn::serializers::serialize_of(*training.trainer));
    Training other(folder / "");
    nn::serializers::load(saved, nn::serializers::serialize_of(*other.trainer));
    fuzz::require(state_of(*other.trainer) == loaded, "what is saved must be loaded as the same");
  });
  fuzz::accepts([&] { training.updater->update(); });
  return 0;
}

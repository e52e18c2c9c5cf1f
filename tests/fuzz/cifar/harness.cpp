// Any bytes as CIFAR-10's archive, and as both files of its folder.
#include <cstdint>
#include <string>

#include "nn/datasets/cifar.h"
#include "tests/fuzz/folder.h"
#include "tests/fuzz/require.h"

namespace {

void get(const std::string& path) {
  fuzz::accepts([&] {
    const auto set = nn::datasets::get_cifar10({}, path);
    for (const auto* part : {&set.train, &set.test})
      for (const int label : part->arrays()[1].to_vector<int>())
        fuzz::require(label >= 0 && label < 10, "labels must be from 0 to 9");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder("cifar");
  for (const char* name : {"data_batch_1.bin", "test_batch.bin", "archive"})
    folder.write(name, data, size);
  get(folder / "archive");
  get(folder / "");
  return 0;
}

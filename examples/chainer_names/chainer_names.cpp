// Reads Chainer programs and says of each name of Chainer in them how it is spelled here:
//
//   chainer_names train.py net.py
//
// Returns 1 if a name is not here.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string_view>

#include "examples/chainer_names/report.h"
#include "nn/files/read_file.h"
#include "nn/text.h"

int main(int count, char** files) {
  if (count < 2 || files[1][0] == '-') {
    std::fputs("usage: chainer_names FILE.py ...\n", count < 2 ? stderr : stdout);
    return count < 2 ? 2 : 0;
  }
  try {
    int missing = 0;
    for (int i = 1; i < count; ++i) {
      constexpr std::uint64_t kMost = 16 << 20;
      const nn::Bytes file = nn::read_file(files[i], "chainer_names", kMost);
      const std::string_view python(reinterpret_cast<const char*>(file.data()), file.size());
      const auto result = chainer_names::report(python, files[i]);
      nn::text::put(stdout, result.text, "chainer_names");
      missing += result.missing;
    }
    return missing > 0 ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}

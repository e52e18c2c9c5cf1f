#include "nn/files/gzip.h"

#include <gmock/gmock.h>

#include "autograd/base/error.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::datasets {
namespace {

using autograd::Error;

Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

TEST(Gzip, GivesBackWhatWasPacked) {
  Bytes large(3 << 20);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = std::byte(i * i >> 7 & 0xff);
  for (const Bytes& bytes : {Bytes{}, bytes_of("hello"), large}) {
    const Bytes packed = gzip(bytes);
    EXPECT_TRUE(is_gzip(packed));
    EXPECT_EQ(gunzip(packed, "a.gz"), bytes);
  }
  EXPECT_FALSE(is_gzip(bytes_of("hello")));
  EXPECT_FALSE(is_gzip({}));
}

TEST(Gzip, ReadsSeveralFilesInOne) {
  Bytes both = gzip(bytes_of("one "));
  const Bytes second = gzip(bytes_of("two"));
  both.insert(both.end(), second.begin(), second.end());
  EXPECT_EQ(gunzip(both, "a.gz"), bytes_of("one two"));
}

TEST(Gzip, RefusesAFileThatIsCutOff) {
  const Bytes packed = gzip(bytes_of("hello"));
  for (const std::size_t n :
       {std::size_t{0}, std::size_t{2}, std::size_t{10}, packed.size() - 8, packed.size() - 1})
    EXPECT_EQ(message_of<Error>([&] { gunzip(std::span(packed).first(n), "a.gz"); }),
              "gzip: a.gz must be a complete gzip file, but it is truncated after " +
                  std::to_string(n) + " bytes");
}

TEST(Gzip, RefusesDamage) {
  Bytes packed = gzip(bytes_of("hello"));
  packed[packed.size() - 6] ^= std::byte{1};
  EXPECT_EQ(message_of<Error>([&] { gunzip(packed, "a.gz"); }),
            "gzip: a.gz must be a valid gzip file, but: incorrect data check");
  packed = gzip(bytes_of("hello"));
  packed.push_back(std::byte{'x'});
  packed.push_back(std::byte{'y'});
  EXPECT_EQ(message_of<Error>([&] { gunzip(packed, "a.gz"); }),
            "gzip: a.gz must be a valid gzip file, but: incorrect header check");
  EXPECT_EQ(message_of<Error>([] { gunzip(bytes_of("no gzip at all"), "a.gz"); }),
            "gzip: a.gz must be a valid gzip file, but: incorrect header check");
}

TEST(Gzip, UnpacksNoMoreThanIsAllowed) {
  const Bytes packed = gzip(Bytes(8u << 20));
  EXPECT_LT(packed.size(), 10'000u);
  EXPECT_EQ(gunzip(packed, "a.gz", 8u << 20).size(), 8u << 20);
  EXPECT_EQ(message_of<Error>([&] { gunzip(packed, "a.gz", (8u << 20) - 1); }),
            "gzip: a.gz must hold at most 8388607 bytes, but it holds more");
}

TEST(ReadFile, TellsWhyItCannot) {
  Folder folder;
  EXPECT_EQ(read_file(folder.write("a", "hello")), bytes_of("hello"));
  EXPECT_EQ(message_of<Error>([&] { read_file(folder / "absent"); }),
            "read: " + (folder / "absent") + " must be readable, but: No such file or directory");
  EXPECT_EQ(message_of<Error>([&] { read_file(folder / ""); }),
            "read: " + (folder / "") + " must be readable, but: Is a directory");
}

}  // namespace
}  // namespace nn::datasets

#include "nn/files/safetensors.h"

#include <gmock/gmock.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "autograd/array/linalg.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn {
namespace {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using testing::ElementsAre;
using testing::HasSubstr;

// A file of these parts: the length of the header, the header, the bytes of the arrays.
std::string file_of(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string file(sizeof length, '\0');
  std::memcpy(file.data(), &length, sizeof length);
  return file + header + data;
}

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

TEST(Safetensors, EveryTypeComesBack) {
  const Folder folder;
  const std::map<std::string, Array> arrays{
      {"float32", Array::of<float>({1.5f, -2, 3e-40f, 4}, Shape{2, 2})},
      {"float64", Array::of({0.1, -1e300})},
      {"int32", Array::of<std::int32_t>({-7, 2147483647})},
      {"int64", Array::scalar<std::int64_t>(std::numeric_limits<std::int64_t>::min())},
      {"uint8", Array::of<std::uint8_t>({0, 255, 3})},
      {"bool", Array::of<bool>({true, false, true})},
      {"l1/W", Array::of<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3}).transpose()},
      {"empty", Array::empty({0, 3}, Dtype::float32)}};
  write_safetensors(folder / "a.safetensors", arrays, {{"format", "pt"}});
  const SafetensorsReader file(folder / "a.safetensors");
  EXPECT_EQ(file.keys().size(), arrays.size());
  EXPECT_EQ(file.metadata().at("format"), "pt");
  for (const auto& [key, array] : arrays) {
    EXPECT_TRUE(file.contains(key));
    EXPECT_EQ(file.array(key).dtype(), array.dtype()) << key;
    EXPECT_TRUE(array_equal(file.array(key), array)) << key;
  }
}

TEST(Safetensors, ArraysLieInTheMappedFile) {
  const Folder folder;
  write_safetensors(folder / "a",
                    {{"W", Array::of<float>({1, 2})}, {"b", Array::of<bool>({true})}});
  Array W;
  {
    const SafetensorsReader file(folder / "a");
    EXPECT_THAT(file.keys(), ElementsAre("W", "b"));
    W = file.array("W");
    EXPECT_EQ(W.raw(), file.array("W").raw());  // no copy
  }
  // The array keeps the file mapped.
  EXPECT_TRUE(W.storage()->is_read_only());
  EXPECT_EQ(W.to_vector<float>(), (std::vector<float>{1, 2}));
  EXPECT_THROW(W.fill(0), Error);
}

// The types of the format that arrays do not have.
TEST(Safetensors, OtherTypesAreConverted) {
  const Folder folder;
  const auto read = [&](const std::string& dtype, std::size_t n, const std::string& data) {
    const std::string header = "{\"x\":{\"dtype\":\"" + dtype + "\",\"shape\":[" +
                               std::to_string(n) + "],\"data_offsets\":[0," +
                               std::to_string(data.size()) + "]}}";
    return SafetensorsReader(folder.write("x", file_of(header, data))).array("x");
  };
  const Array half = read("F16", 3, bytes_of<std::uint16_t>({0x3c00, 0xc000, 0x0001}));
  EXPECT_EQ(half.to_vector<float>(), (std::vector<float>{1, -2, 0x1p-24f}));
  const Array brain = read("BF16", 2, bytes_of<std::uint16_t>({0x3f80, 0xc040}));
  EXPECT_EQ(brain.to_vector<float>(), (std::vector<float>{1, -3}));
  EXPECT_EQ(read("I8", 2, bytes_of<std::int8_t>({-128, 5})).to_vector<std::int32_t>(),
            (std::vector<std::int32_t>{-128, 5}));
  EXPECT_EQ(read("I16", 1, bytes_of<std::int16_t>({-300})).to_vector<std::int32_t>(),
            (std::vector<std::int32_t>{-300}));
  EXPECT_EQ(read("U16", 1, bytes_of<std::uint16_t>({65535})).to_vector<std::int32_t>(),
            (std::vector<std::int32_t>{65535}));
  EXPECT_EQ(read("U32", 1, bytes_of<std::uint32_t>({4294967295u})).to_vector<std::int64_t>(),
            (std::vector<std::int64_t>{4294967295}));
  EXPECT_EQ(read("U64", 1, bytes_of<std::uint64_t>({9})).to_vector<std::int64_t>(),
            (std::vector<std::int64_t>{9}));
  EXPECT_THAT(message_of<Error>([&] { read("F8_E4M3", 1, "a"); }),
              HasSubstr("its type is F8_E4M3"));
  // Bytes that are not aligned for their type are copied.
  const std::string header = R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                             R"("b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}})";
  const SafetensorsReader file(folder.write("y", file_of(header, "\7" + bytes_of<float>({0.5f}))));
  EXPECT_EQ(file.array("b").item(), 0.5);
}

TEST(Safetensors, DamageIsToldInOneSentence) {
  const Folder folder;
  const auto message = [&](const std::string& bytes) {
    return message_of<Error>([&] {
      const SafetensorsReader file(folder.write("x", bytes));
      for (const std::string& key : file.keys()) file.array(key);
    });
  };
  const std::string four(4, '\0');
  for (const auto& [header, data, expected] : std::vector<std::array<std::string, 3>>{
           {"[]", "", "must be an object in JSON"},
           {"{\"a\":", "", "must be an object in JSON"},
           {"{}", "abc", "must have 0 bytes, but 3 follow the header"},
           {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "ab",
            "within the 2 bytes"},
           {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", four,
            "the bytes of F32 (2)"},
           {R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", four,
            "must have a dtype"},
           {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", four, "from 4 to 0"},
           {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", four, "must have a dtype"},
           {R"({"a":7})", four, "must have a dtype"},
           {R"({"__metadata__":{"a":1}})", "", "must hold texts by name"},
           {R"({"__metadata__":7})", "", "must hold texts by name"},
           {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", "ab", "must begin where"},
           {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
            R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
            "a", "it holds a twice"},
           {R"({"a":{"dtype":"U8","shape":[9223372036854775807,4],"data_offsets":[0,4]}})", four,
            "must have the bytes of"},
           {R"({"a":{"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,4]}})", four,
            "must fit in memory"},
           {R"({"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}})", "\2", "each 0 or 1"}})
    EXPECT_THAT(message(file_of(header, data)), HasSubstr(expected)) << header;
  EXPECT_THAT(message("abc"), HasSubstr("must begin with the length of its header"));
  EXPECT_THAT(message(std::string(8, '\xff') + "{}"), HasSubstr("must begin with the length"));
  EXPECT_THAT(message_of<Error>([&] { SafetensorsReader(folder / "none"); }),
              HasSubstr("safetensors: "));

  write_safetensors(folder / "z", {{"W", Array::of<float>({1, 2})}});
  const SafetensorsReader file(folder / "z");
  EXPECT_THAT(message_of<Error>([&] { file.array("V"); }), HasSubstr("must hold the key V"));
  EXPECT_THAT(message_of<Error>([&] { file.array("W", 7); }), HasSubstr("at most 7 bytes"));
}

TEST(Safetensors, WritesAllOrNothing) {
  const Folder folder;
  EXPECT_EQ(message_of<Error>([&] {
              write_safetensors(folder / "a", {{"__metadata__", Array::of<float>({1})}});
            }),
            "safetensors: __metadata__ must not be the key of an array, but it is one");
  EXPECT_THAT(message_of<Error>([&] {
                write_safetensors(folder / "a", {{"\xff", Array::of<float>({1})}});
              }),
              HasSubstr("must be UTF-8"));
  EXPECT_EQ(folder.number_of_files(), 0u);
}

}  // namespace
}  // namespace nn

#include "nn/files/npy.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "autograd/array/arithmetic.h"
#include "nn/files/write_file.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::npy {
namespace {

using autograd::Array;
using autograd::Dtype;
using autograd::Error;
using testing::ElementsAre;

// An npy file of any version whose header is `text`, padded as NumPy pads.
std::string file(std::string text, std::string_view data, int version = 1) {
  const std::size_t fixed = version == 1 ? 10 : 12;
  text.append(63 - (fixed + text.size()) % 64, ' ');
  text += '\n';
  std::string out = "\x93NUMPY";
  out += {char(version), '\0', char(text.size() & 0xff), char(text.size() >> 8)};
  if (version > 1) out += {'\0', '\0'};
  return out + text + std::string(data);
}

std::string file(std::string_view descr, std::string_view shape, std::string_view data) {
  return file(fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", descr, shape),
              data);
}

template <class T>
std::string bytes_of(std::initializer_list<T> values) {
  return std::string(reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T));
}

FileValue decoded(const std::string& bytes) {
  return decode(std::as_bytes(std::span(bytes)), "a.npy");
}
Array decode_array(const std::string& bytes) { return std::get<Array>(decoded(bytes)); }
std::string refusal(const std::string& bytes) {
  return message_of<Error>([&] { decoded(bytes); });
}

TEST(Npy, WritesWhatNumPyWrites) {
  EXPECT_EQ(encode(Array::arange(6, Dtype::float32).reshape({2, 3})),
            "\x93NUMPY\x01" + std::string("\0v\0", 3) +
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" +
                std::string(58, ' ') + "\n" + bytes_of<float>({0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(encode(Array::scalar<std::int64_t>(7)),
            "\x93NUMPY\x01" + std::string("\0v\0", 3) +
                "{'descr': '<i8', 'fortran_order': False, 'shape': (), }" + std::string(62, ' ') +
                "\n" + bytes_of<std::int64_t>({7}));
  EXPECT_EQ(encode("a\xc3\xb1o", "text"),
            "\x93NUMPY\x01" + std::string("\0v\0", 3) +
                "{'descr': '<U3', 'fortran_order': False, 'shape': (), }" + std::string(62, ' ') +
                "\n" + bytes_of<std::uint32_t>({'a', 0xf1, 'o'}));
}

TEST(Npy, ReadsWhatItWrites) {
  for (const Array& a :
       {Array::of({true, false}), Array::of<std::uint8_t>({0, 255}),
        Array::of<std::int32_t>({-1, 2, 3, 4}, autograd::Shape{2, 2}),
        Array::of<std::int64_t>({std::numeric_limits<std::int64_t>::min()}),
        Array::of({1.5f, -0.f}), Array::scalar(0.1), Array::zeros({0, 3}, Dtype::float32),
        Array::arange(6, Dtype::float64).reshape({2, 3}).transpose(),
        Array::zeros({1, 1, 1, 1, 1, 1, 1, 2}, Dtype::uint8)}) {
    SCOPED_TRACE(describe(a));
    EXPECT_TRUE(array_equal(decode_array(encode(a)), a));
  }
  for (const std::string text : {"", "plain", "1\xc3\xa4 2\xe2\x82\xac 3\xf0\x9f\x99\x82"})
    EXPECT_EQ(std::get<std::string>(decoded(encode(text, "text"))), text);
  EXPECT_TRUE(std::holds_alternative<autograd::NoneType>(decoded(encode(autograd::None))));
}

TEST(Npy, ReadsEveryTypeAndOrder) {
  EXPECT_THAT(decode_array(file("|i1", "(2,)", bytes_of<std::int8_t>({-128, 127})))
                  .to_vector<std::int32_t>(),
              ElementsAre(-128, 127));
  EXPECT_THAT(decode_array(file("<i2", "(2,)", bytes_of<std::int16_t>({-32768, 5})))
                  .to_vector<std::int32_t>(),
              ElementsAre(-32768, 5));
  EXPECT_THAT(
      decode_array(file("<u2", "(1,)", bytes_of<std::uint16_t>({65535}))).to_vector<std::int32_t>(),
      ElementsAre(65535));
  EXPECT_EQ(decode_array(file("<u4", "(1,)", bytes_of<std::uint32_t>({4294967295u})))
                .data<std::int64_t>()[0],
            4294967295);
  EXPECT_EQ(decode_array(file("<u8", "()", bytes_of<std::uint64_t>({9}))).data<std::int64_t>()[0],
            9);
  EXPECT_THAT(decode_array(file(">f4", "(2,)", std::string("\x3f\x80\0\0\xc0\0\0\0", 8)))
                  .to_vector<float>(),
              ElementsAre(1.f, -2.f));
  EXPECT_EQ(
      decode_array(file(">i8", "()", std::string("\0\0\0\0\0\0\1\2", 8))).data<std::int64_t>()[0],
      258);
  EXPECT_EQ(std::get<std::string>(decoded(file(">U2", "()", std::string("\0\0\0h\0\0\0i", 8)))),
            "hi");
}

TEST(Npy, ReadsHalfPrecisionExactly) {
  const Array a = decode_array(file(
      "<f2", "(8,)",
      bytes_of<std::uint16_t>({0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x7c00, 0x7e00})));
  ASSERT_EQ(a.dtype(), Dtype::float32);
  const float* p = a.data<float>();
  EXPECT_EQ(p[0], 1.f);
  EXPECT_EQ(p[1], -2.f);
  EXPECT_EQ(p[2], 65504.f);
  EXPECT_EQ(p[3], 0x1p-14f);
  EXPECT_EQ(p[4], 0x1p-24f);
  EXPECT_TRUE(p[5] == 0 && std::signbit(p[5]));
  EXPECT_EQ(p[6], std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(p[7]));
}

TEST(Npy, ReadsFortranOrderAndTheLaterVersions) {
  const std::string header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }";
  for (int version : {1, 2, 3}) {
    const Array a = decode_array(file(header, bytes_of<float>({0, 3, 1, 4, 2, 5}), version));
    EXPECT_TRUE(array_equal(a, Array::arange(6, Dtype::float32).reshape({2, 3})));
    EXPECT_TRUE(a.is_contiguous());
  }
}

TEST(Npy, ReadsHeadersAsPython2WroteThem) {
  EXPECT_TRUE(
      array_equal(decode_array(file("{\"shape\": (2L,), 'fortran_order':False,'descr':\"<f4\"}",
                                    bytes_of<float>({1, 2}))),
                  Array::of({1.f, 2.f})));
}

TEST(Npy, KnowsNoneByEveryProtocol) {
  using namespace std::string_literals;
  const std::string protocol_4 =
      "\x80\x04\x95\x86\0\0\0\0\0\0\0\x8c\x15numpy.core.multiarray\x94\x8c\x0c_"
      "reconstruct\x94\x93\x94\x8c\x05numpy\x94"
      "\x8c\x07ndarray\x94\x93\x94K\0\x85\x94"
      "C\x01"
      "b\x94\x87\x94R\x94(K\x01)h\x03\x8c\x05"
      "dtype\x94\x93\x94\x8c\x02O8"
      "\x94\x89\x88\x87\x94R\x94(K\x03\x8c\x01|\x94NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t\x94"
      "b\x89]\x94Nat\x94"
      "b."s;
  const std::string protocol_2 =
      "\x80\x02"
      "cnumpy.core.multiarray\n_reconstruct\nq\0cnumpy\nndarray\nq\x01K\0\x85q\x02"
      "c_codecs\nencode\nq\x03X\x01\0\0\0"
      "bq\x04X\x06\0\0\0latin1q\x05\x86q\x06Rq\x07\x87q\x08Rq\t(K\x01)"
      "cnumpy\ndtype\nq\nX\x02\0\0\0O8q\x0b\x89\x88\x87q\x0cRq\r"
      "(K\x03X\x01\0\0\0|q\x0eNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tq\x0f"
      "b\x89]q\x10Natq\x11"
      "b."s;
  EXPECT_TRUE(std::holds_alternative<autograd::NoneType>(decoded(file("|O", "()", protocol_4))));
  EXPECT_TRUE(std::holds_alternative<autograd::NoneType>(decoded(file("|O", "()", protocol_2))));
}

TEST(Npy, RefusesEveryOtherObject) {
  const std::string sentence =
      "a.npy must hold no Python object except None, but it does; pickles are not executed";
  EXPECT_EQ(refusal(file("|O", "()", "cos\nsystem\n(S'true'\ntR.")), sentence);
  const std::string none = encode(autograd::None);
  EXPECT_EQ(refusal(none + "x"), sentence);
  EXPECT_EQ(refusal(none.substr(0, none.size() - 1)), sentence);
  EXPECT_EQ(refusal(file("|O", "(1,)", none.substr(128))), sentence);
}

TEST(Npy, RefusesLyingHeaders) {
  EXPECT_EQ(refusal(file("<f4", "(3,)", bytes_of<float>({1, 2}))),
            "a.npy must hold 12 bytes for its shape (3) and type <f4, but 8 follow the header");
  EXPECT_EQ(refusal(file("<f4", "(1,)", bytes_of<float>({1, 2}))),
            "a.npy must hold 4 bytes for its shape (1) and type <f4, but 8 follow the header");
  EXPECT_EQ(
      refusal(file("<f4", "(100, 784)", "1234")),
      "a.npy must hold the elements of its shape (100, 784), but only 4 bytes follow the header");
  EXPECT_EQ(refusal(file("<f4", "(4294967296, 4294967296)", "1234")),
            "a.npy must hold the elements of its shape (4294967296, 4294967296), but only 4 bytes "
            "follow the header");
  EXPECT_EQ(refusal(file("<f4", "(4294967296, 4294967296, 0)", "")),
            "a.npy must hold the elements of its shape (4294967296, 4294967296, 0), but only 0 "
            "bytes follow the header");
  EXPECT_EQ(refusal(file("<f4", "(-1, 2)", "")),
            "a.npy must have no axis of negative length, but its shape is (-1, 2)");
  EXPECT_EQ(refusal(file("|u1", "(1, 1, 1, 1, 1, 1, 1, 1, 1)", "1")),
            "a.npy must have at most 8 axes, but its shape is (1, 1, 1, 1, 1, 1, 1, 1, 1)");
  EXPECT_EQ(refusal(file("<U2", "()", "1234")),
            "a.npy must hold 8 bytes for its shape () and type <U2, but 4 follow the header");
  EXPECT_EQ(refusal(file("<U9999999999999999999999", "()", "1234")),
            "a.npy must hold the characters of its type <U9999999999999999999999, but 4 bytes "
            "follow the header");
}

// numpy.save of a str in Python 2.
TEST(Npy, ReadsTextsOfPython2) {
  EXPECT_EQ(std::get<std::string>(decoded(file("|S5", "()", "plain"))), "plain");
  EXPECT_EQ(std::get<std::string>(decoded(file("|S4", "()", std::string("\xc3\xa4\0\0", 4)))),
            "\xc3\xa4");
  EXPECT_EQ(std::get<std::string>(decoded(file("|S1", "()", std::string(1, '\0')))), "");
  EXPECT_EQ(refusal(file("|S2", "()", "\xe4 ")), "a.npy must be UTF-8, but its byte 0 is not");
  EXPECT_EQ(refusal(file("|S1", "()", "ab")),
            "a.npy must hold 1 bytes for its shape () and type |S1, but 2 follow the header");
  EXPECT_EQ(refusal(file("|S2", "(1,)", "ab")),
            "a.npy must be a single text, but its shape is (1)");
}

TEST(Npy, RefusesUnknownTypes) {
  const std::string sentence =
      "a.npy must hold booleans, integers or real floats of at most 64 bits, a text or None, but "
      "its type is ";
  for (const char* descr : {"<c8", "<M8[ns]", "|V4", "<f16", "f4", "", "<"})
    EXPECT_EQ(refusal(file(descr, "()", "12345678")), sentence + descr);
  EXPECT_EQ(
      refusal(file("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (), }", "1234")),
      "a.npy must hold numbers, a text or None, but it holds records with named fields");
  EXPECT_EQ(refusal(file("<u8", "()", std::string(8, '\xff'))),
            "a.npy must hold no uint64 above 2^63 - 1, but it does");
  EXPECT_EQ(refusal(file("<U1", "(1,)", "1234")),
            "a.npy must be a single text, but its shape is (1)");
  EXPECT_EQ(refusal(file("<U1", "()", std::string("\0\xd8\0\0", 4))),
            "a.npy must be UTF-32, but its code unit 0 is 0xd800");
}

TEST(Npy, RefusesWhatIsNoNpyFile) {
  EXPECT_EQ(refusal(""), "a.npy must begin as an npy file, but its magic bytes are wrong");
  EXPECT_EQ(refusal("PK\x03\x04"),
            "a.npy must begin as an npy file, but its magic bytes are wrong");
  EXPECT_EQ(refusal("\x93NUMPY\x01"),
            "a.npy must hold its whole npy header, but it ends after 7 bytes");
  EXPECT_EQ(refusal(encode(Array::scalar(1.)).substr(0, 40)),
            "a.npy must hold its whole npy header, but it ends after 40 bytes");
  EXPECT_EQ(refusal(file("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "1234", 4)),
            "a.npy must be npy of version 1, 2 or 3, but it is version 4");
  for (const char* header :
       {"", "[]", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} + 1"})
    EXPECT_EQ(refusal(file(header, "1234")),
              "a.npy must have a header with descr, fortran_order and shape, but it says: " +
                  std::string(header).substr(0, 80));
}

TEST(Npy, RefusesTextThatIsNoUtf8) {
  for (const std::string text :
       {"ab\xff", "ab\xc3", "ab\xc0\x80", "ab\xed\xa0\x80", "ab\xf4\x90\x80\x80"})
    EXPECT_EQ(message_of<Error>([&] { encode(text, "title"); }),
              "title must be UTF-8, but its byte 2 is not");
}

// The file of these bytes, in a folder of its own.
std::string written(const Folder& folder, const std::string& bytes) {
  write_file(folder / "a.npy", bytes, "test");
  return folder / "a.npy";
}

TEST(NpyMap, IsAnArrayOverTheFile) {
  const Folder folder;
  const Array saved = Array::of<float>({1, 2, 3, 4, 5, 6}, autograd::Shape{2, 3});
  const std::string path = written(folder, npy::encode(saved));
  Array mapped = npy::map(path);
  EXPECT_TRUE(array_equal(mapped, saved));
  EXPECT_TRUE(mapped.storage()->is_read_only());
  // Whoever changes the file changes the array: nothing was copied.
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-4, std::ios::end);
    const float nine = 9;
    file.write(reinterpret_cast<const char*>(&nine), 4);
  }
  EXPECT_EQ(mapped.select(0, 1).select(0, 2).item(), 9);
  // A view outlives the array; after the last one the file is not mapped any more.
  const Array row = mapped.select(0, 1);
  mapped = {};
  EXPECT_EQ(row.to_vector<float>(), (std::vector<float>{4, 5, 9}));
  // It is an array like any other to those who read.
  EXPECT_EQ((row + row).to_vector<float>(), (std::vector<float>{8, 10, 18}));
  Array own = row.copy();
  own.fill(0);
}

TEST(NpyMap, RefusesToBeWritten) {
  const Folder folder;
  Array mapped = npy::map(written(folder, npy::encode(Array::zeros({2, 2}, Dtype::float64))));
  const std::string refusal =
      "array: an array that is written to must not be read-only, but this one is (use copy())";
  EXPECT_EQ(message_of<Error>([&] { mapped.fill(1); }), refusal);
  EXPECT_EQ(message_of<Error>([&] { mapped.mutable_data<double>(); }), refusal);
  EXPECT_EQ(
      message_of<Error>([&] { mapped.select(0, 0).assign(Array::ones({2}, Dtype::float64)); }),
      refusal);
  EXPECT_EQ(message_of<Error>([&] { mapped.transpose().mutable_raw(); }), refusal);
  EXPECT_EQ(mapped.to_vector<double>(), (std::vector<double>{0, 0, 0, 0}));
}

TEST(NpyMap, RefusesWhatIsNoArrayInMemory) {
  const Folder folder;
  const auto refusal = [&](const std::string& bytes) {
    const std::string path = written(folder, bytes);
    std::string message = message_of<Error>([&] { npy::map(path); });
    return message.substr(message.find("a.npy") + 6);
  };
  std::string fortran = npy::encode(Array::zeros({2, 2}, Dtype::float32));
  fortran.replace(fortran.find("False"), 5, "True ");
  EXPECT_EQ(refusal(fortran),
            "must hold an array in C order, of a type that arrays have, but it holds (2, 2) in "
            "Fortran order of <f4");
  std::string big = npy::encode(Array::zeros({2}, Dtype::float32));
  big.replace(big.find("<f4"), 3, ">f4");
  EXPECT_EQ(refusal(big),
            "must hold an array in C order, of a type that arrays have, but it holds (2) of >f4");
  std::string cut = npy::encode(Array::zeros({2}, Dtype::float32));
  cut.pop_back();
  EXPECT_EQ(refusal(cut),
            "must hold 8 bytes for its shape (2) and type <f4, but 7 follow the header");
  std::string two = npy::encode(Array::zeros({2}, Dtype::bool_));
  two.back() = 2;
  EXPECT_EQ(refusal(two), "must hold booleans, each 0 or 1, but it does not");
  EXPECT_NE(refusal(npy::encode("text", "text")), "");
  EXPECT_NE(refusal(""), "");
  EXPECT_EQ(message_of<Error>([&] { npy::map(folder / "none"); }),
            "map: " + folder / "none" + " must be readable, but: No such file or directory");
  EXPECT_EQ(npy::map(written(folder, npy::encode(Array::zeros({0, 3}, Dtype::float32)))).shape(),
            (autograd::Shape{0, 3}));
}

}  // namespace
}  // namespace nn::npy

// NumPy's npy format, versions 1.0 to 3.0: arrays, and the other values that Chainer stores in npz
// files.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "autograd/array/array.h"
#include "autograd/base/none.h"
#include "nn/files/value.h"

namespace nn::inline files::npy {

// Reads an npy file, in C or Fortran order, little or big endian. A text is UTF-32 in the file, or
// UTF-8 if Python 2 wrote it. None is a pickled object array, whose bytes are compared; no pickle is
// ever executed. Types that Array does not have are converted to the narrowest type that holds all
// their values:
//   int8, int16, uint16 -> int32    uint32 -> int64    uint64 -> int64 (throws above 2^63 - 1)
//   float16 -> float32
// A text must be 0-dimensional, and an object array must be a 0-dimensional None. Throws Error,
// beginning with `what`, for everything else, and for bytes beyond the size that the header states.
FileValue decode(std::span<const std::byte> file, std::string_view what);

// The same for the bytes alone, in C order: `descr` is NumPy's name of their type, "<f4".
autograd::Array decode_numbers(std::span<const std::byte> data, std::string_view descr,
                               const autograd::Shape& shape, std::string_view what);

// The array of an npy file, mapped into memory instead of read, like numpy.load(path,
// mmap_mode='r'). Nothing is copied, and writing to the array is an Error. The file must have C
// order, the machine's byte order, and a dtype of Array. Chainer's models are npz files, which
// cannot be mapped. See MappedFile: the file must not be shortened.
autograd::Array map(const std::string& path);

// Describes an npy file from its first bytes: "<f4 of shape (2, 3)".
std::string describe_header(std::span<const std::byte> begin, std::string_view what);

// Writes an npy file (version 1.0, C order, little endian), byte for byte as numpy.save does.
std::string encode(const autograd::Array& array);
std::string encode(std::string_view utf8, std::string_view what);
std::string encode(autograd::NoneType);

}  // namespace nn::inline files::npy

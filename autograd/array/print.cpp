#include "autograd/array/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>
#include <ostream>
#include <vector>

#include "autograd/base/error.h"

namespace autograd {
namespace {

constexpr int kPrecision = 8, kLineWidth = 75, kEdgeItems = 3;
constexpr std::int64_t kThreshold = 1000;

template <class T>
std::string text_of(T value, std::chars_format format, std::optional<int> precision = {}) {
  char buffer[512];
  const auto end = precision
                       ? std::to_chars(buffer, buffer + sizeof buffer, value, format, *precision)
                       : std::to_chars(buffer, buffer + sizeof buffer, value, format);
  return {buffer, end.ptr};
}

// The parts of a printed number: "-12", "5" and "-03" for -12.5e-03.
struct Digits {
  std::string whole, fraction, exponent;
};

Digits take_apart(std::string text) {
  Digits digits;
  if (const std::size_t e = text.find('e'); e != std::string::npos) {
    digits.exponent = text.substr(e + 1);
    text.resize(e);
  }
  if (const std::size_t point = text.find('.'); point != std::string::npos) {
    digits.fraction = text.substr(point + 1);
    text.resize(point);
  }
  digits.whole = std::move(text);
  return digits;
}

// The shortest digits that identify the number, but at most `precision` digits after the point.
template <class T>
Digits shortest(T value, std::chars_format format, int precision) {
  Digits digits = take_apart(text_of(value, format));
  if (static_cast<int>(digits.fraction.size()) > precision) {
    digits = take_apart(text_of(value, format, precision));
    digits.fraction.erase(digits.fraction.find_last_not_of('0') + 1);
  }
  return digits;
}

// The format of the floating-point numbers of an array: all numbers have the same form, and their
// decimal points are aligned.
template <class T>
class FloatFormat {
 public:
  explicit FloatFormat(const std::vector<T>& values) {
    T largest = 0, smallest = INFINITY;
    for (T v : values)
      if (std::isfinite(v) && v != 0) {
        largest = std::max(largest, std::abs(v));
        smallest = std::min(smallest, std::abs(v));
      }
    if (largest != 0 &&
        (largest >= T(1e8) || double{smallest} < 0.0001 || largest / smallest > 1000))
      format_ = std::chars_format::scientific;
    for (T v : values) {
      if (!std::isfinite(v)) continue;
      const Digits digits = shortest(v, format_, kPrecision);
      left_ = std::max(left_, digits.whole.size());
      right_ = std::max(right_, digits.fraction.size());
      exponent_ = std::max(exponent_, digits.exponent.size());
    }
    // nan and inf use the columns of the numbers. If the word is longer, it widens the columns.
    const std::size_t width = right_ + (exponent_ ? exponent_ + 1 : 0) + 1;
    for (T v : values)
      if (!std::isfinite(v)) {
        const std::size_t word = not_finite(v).size();
        if (word > left_ + width) left_ = word - width;
      }
  }

  std::string operator()(T v) const {
    const std::size_t width = left_ + 1 + right_ + (exponent_ ? exponent_ + 1 : 0);
    if (!std::isfinite(v)) return fmt::format("{:>{}}", not_finite(v), width);
    if (format_ == std::chars_format::scientific) {
      // All numbers have the number of digits of the longest one. The extra digits of a shorter
      // number are its own next digits.
      const Digits digits = take_apart(text_of(v, format_, static_cast<int>(right_)));
      const std::string power(exponent_ - digits.exponent.size(), '0');
      return fmt::format("{:>{}}.{}e{}{}{}", digits.whole, left_, digits.fraction,
                         digits.exponent.substr(0, 1), power, digits.exponent.substr(1));
    }
    const Digits digits = shortest(v, format_, static_cast<int>(right_));
    return fmt::format("{:>{}}.{:<{}}", digits.whole, left_, digits.fraction, right_);
  }

 private:
  static std::string not_finite(T v) { return std::isnan(v) ? "nan" : v < 0 ? "-inf" : "inf"; }

  std::chars_format format_ = std::chars_format::fixed;
  std::size_t left_ = 0, right_ = 0, exponent_ = 0;  // columns
};

using Words = std::function<std::string(const Array& element)>;

// The elements that are shown: the first and the last ones along each axis.
Array corners(Array a) {
  for (int axis = 0; axis < a.ndim(); ++axis) {
    const std::int64_t n = a.length(axis);
    if (n <= 2 * kEdgeItems) continue;
    Shape shape = a.shape();
    shape[axis] = 2 * kEdgeItems;
    Array kept = Array::empty(shape, a.dtype());
    kept.slice(axis, 0, kEdgeItems).assign(a.slice(axis, 0, kEdgeItems));
    kept.slice(axis, kEdgeItems, kEdgeItems).assign(a.slice(axis, n - kEdgeItems, kEdgeItems));
    a = kept;
  }
  return a;
}

// The function that prints an element. Its format depends on the shown elements.
Words words_for(const Array& shown) {
  return visit(shown.dtype(), [&]<class T>(std::type_identity<T>) -> Words {
    if constexpr (std::is_same_v<T, bool>) {
      const int width = shown.ndim() == 0 ? 0 : 5;
      return [width](const Array& e) {
        return fmt::format("{:>{}}", e.item() != 0 ? "True" : "False", width);
      };
    } else if constexpr (std::is_integral_v<T>) {
      std::size_t width = 0;
      for (T v : shown.to_vector<T>()) width = std::max(width, fmt::format("{}", v).size());
      return [width](const Array& e) { return fmt::format("{:>{}}", e.to_vector<T>()[0], width); };
    } else {
      return [format = FloatFormat<T>(shown.to_vector<T>())](const Array& e) {
        return format(e.to_vector<T>()[0]);
      };
    }
  });
}

class Printer {
 public:
  Printer(Words words, std::string_view separator, bool cut)
      : words_(std::move(words)),
        separator_(separator),
        trimmed_(separator.substr(0, separator.find_last_not_of(' ') + 1)),
        cut_(cut) {}

  // `indent` is printed at the beginning of all lines but the first.
  std::string operator()(const Array& a, const std::string& indent, int width) const {
    if (a.ndim() == 0) return words_(a);
    const std::int64_t n = a.length(0);
    const bool cut = cut_ && n > 2 * kEdgeItems;
    std::vector<std::string> parts;
    for (std::int64_t i = 0; i < n; ++i) {
      if (cut && i == kEdgeItems) {
        parts.emplace_back("...");
        i = n - kEdgeItems;
      }
      parts.push_back((*this)(a.select(0, i), indent + ' ', width - 1));
    }
    const std::string text =
        a.ndim() == 1 ? line(parts, indent, width) : rows(parts, indent, a.ndim());
    return '[' + text + ']';
  }

 private:
  std::string line(const std::vector<std::string>& words, const std::string& indent,
                   int width) const {
    const std::size_t end =
        static_cast<std::size_t>(width) - std::max<std::size_t>(1, trimmed_.size());
    std::string text, current = indent;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (current.size() + words[i].size() > end && current.size() > indent.size()) {
        text += current.substr(0, current.find_last_not_of(' ') + 1) + '\n';
        current = indent;
      }
      current += words[i];
      if (i + 1 < words.size()) current += separator_;
    }
    return (text + current).substr(indent.size());
  }

  std::string rows(const std::vector<std::string>& parts, const std::string& indent,
                   int ndim) const {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) text += indent;
      text += parts[i];
      if (i + 1 < parts.size())
        text += trimmed_ + std::string(static_cast<std::size_t>(ndim) - 1, '\n');
    }
    return text;
  }

  Words words_;
  std::string separator_, trimmed_;
  bool cut_;
};

// A floating-point number in Python's format: 0.1, 1.0, 1e+16.
template <class T>
std::string python_float(T v) {
  if (std::isnan(v)) return "nan";
  if (std::isinf(v)) return v < 0 ? "-inf" : "inf";
  const T size = std::abs(v);
  if (v != 0 && (size >= T(1e16) || size < T(1e-4)))
    return text_of(v, std::chars_format::scientific);
  const std::string text = text_of(v, std::chars_format::fixed);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

}  // namespace

std::string array2string(const Array& a, const PrintOptions& options) {
  constexpr int kMostIndent = 1 << 16;
  if (options.indent < 0 || options.indent > kMostIndent)
    throw Error(fmt::format("array2string: indent must lie in [0, {}], but it is {}", kMostIndent,
                            options.indent));
  if (!a) return "None";
  if (a.size() == 0) return "[]";
  const bool cut = a.size() > kThreshold;
  const Printer printer(words_for(cut ? corners(a) : a), options.separator, cut);
  return printer(a, std::string(static_cast<std::size_t>(options.indent) + 1, ' '), kLineWidth);
}

std::ostream& operator<<(std::ostream& out, const Array& a) {
  if (!a || a.ndim() != 0 || !is_float(a.dtype())) return out << array2string(a);
  return out << visit_float(a.dtype(), [&]<class T>(std::type_identity<T>) {
           return python_float(a.to_vector<T>()[0]);
         });
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  return out << (shape.ndim() == 1 ? fmt::format("({},)", shape[0]) : to_string(shape));
}

}  // namespace autograd

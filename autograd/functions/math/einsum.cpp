#include "autograd/functions/math/einsum.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "autograd/base/check.h"
#include "autograd/functions/array/indexing.h"
#include "autograd/functions/array/manipulation.h"
#include "autograd/functions/math/matmul.h"
#include "autograd/functions/math/reduction.h"

namespace autograd::inline functions {
namespace {

// An array whose axes have names, one character each.
struct Operand {
  Variable x;
  std::string axes;

  bool has(char name) const { return axes.find(name) != std::string::npos; }
  int axis(char name) const { return static_cast<int>(axes.find(name)); }
  std::int64_t length(char name) const { return x.length(axis(name)); }
};

// The array with its axes in another order.
Variable ordered(const Operand& a, const std::string& names) {
  if (names == a.axes) return a.x;
  std::vector<int> order;
  for (const char name : names) order.push_back(a.axis(name));
  return transpose(a.x, Axes(order));
}

std::int64_t elements(const Operand& a, const std::string& names) {
  std::int64_t n = 1;
  for (const char name : names) n *= a.length(name);
  return n;
}

// Each name once: where an axis is named twice, the diagonal.
Operand without_repeats(Operand a) {
  for (std::size_t i = 0; i < a.axes.size(); ++i) {
    const std::size_t again = a.axes.find(a.axes[i], i + 1);
    if (again == std::string::npos) continue;
    const char name = a.axes[i];
    a.x = diagonal(a.x, 0, static_cast<int>(i), static_cast<int>(again));
    a.axes.erase(again, 1);
    a.axes.erase(i, 1);
    a.axes.push_back(name);
    --i;
  }
  return a;
}

// Sums over the axes that nobody else wants, and drops those of length 1 that stand for a longer
// one elsewhere.
Operand reduced_to(Operand a, const std::string& wanted, const std::string& stretched) {
  std::vector<int> axes;
  std::string left;
  for (const char name : a.axes) {
    const bool stays = wanted.find(name) != std::string::npos &&
                       !(stretched.find(name) != std::string::npos && a.length(name) == 1);
    stays ? left.push_back(name) : axes.push_back(a.axis(name));
  }
  if (!axes.empty()) a = {sum(a.x, Axes(axes)), left};
  return a;
}

// The product of two, summed over the axes that both have and nobody wants afterwards.
Operand product(const Operand& a, const Operand& b, const std::string& wanted) {
  std::string batch, inner, rows, columns;
  for (const char name : a.axes)
    (!b.has(name) ? rows : wanted.find(name) != std::string::npos ? batch : inner).push_back(name);
  for (const char name : b.axes)
    if (!a.has(name)) columns.push_back(name);
  const std::int64_t n = elements(a, batch), k = elements(a, inner);
  const std::int64_t m = elements(a, rows), l = elements(b, columns);
  const Variable left = reshape(ordered(a, batch + rows + inner), {n, m, k});
  const Variable right = reshape(ordered(b, batch + inner + columns), {n, k, l});
  Shape shape;
  for (const char name : batch + rows) shape.push_back(a.length(name));
  for (const char name : columns) shape.push_back(b.length(name));
  return {reshape(matmul(left, right), shape), batch + rows + columns};
}

[[noreturn]] void fail(std::string_view subscripts, std::string_view rule) {
  throw Error(fmt::format("einsum: {}, but the subscripts are \"{}\"", rule, subscripts));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What the subscripts say. `...` is the character '@' until it is known how many axes it stands
// for.
struct Parsed {
  std::vector<std::string> inputs;
  std::string output;
};

Parsed parse(std::string_view subscripts) {
  std::string text;
  for (std::size_t i = 0; i < subscripts.size(); ++i) {
    const char c = subscripts[i];
    if (subscripts.substr(i, 3) == "...") {
      text.push_back('@');
      i += 2;
    } else if (subscripts.substr(i, 2) == "->" && text.find('>') == std::string::npos) {
      text.push_back('>');
      ++i;
    } else if (is_letter(c) || c == ',') {
      text.push_back(c);
    } else if (c != ' ') {
      fail(subscripts, "subscripts must be letters, \",\", \"...\" and at most one \"->\"");
    }
  }
  const std::size_t arrow = text.find('>');
  const std::string inputs = text.substr(0, arrow);
  Parsed parsed;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = inputs.find(',', begin);
    parsed.inputs.push_back(inputs.substr(begin, end == std::string::npos ? end : end - begin));
    if (std::ranges::count(parsed.inputs.back(), '@') > 1)
      fail(subscripts, "an input must have at most one \"...\"");
  }
  if (arrow == std::string::npos) {
    for (const char name : std::set<char>(inputs.begin(), inputs.end()))
      if (name == '@' || (name != ',' && std::ranges::count(inputs, name) == 1))
        parsed.output.push_back(name);
    return parsed;
  }
  parsed.output = text.substr(arrow + 1);
  for (const char name : parsed.output) {
    if (name == ',' || (name != '@' && inputs.find(name) == std::string::npos))
      fail(subscripts, "each letter after \"->\" must occur before it");
    if (std::ranges::count(parsed.output, name) > 1)
      fail(subscripts, "a letter must not occur twice after \"->\"");
  }
  return parsed;
}

// The axes of `...`, counted from the last as broadcasting counts them, have digits for names.
std::string ellipsis_names(int count) {
  std::string names;
  for (int i = count; i-- > 0;) names.push_back(static_cast<char>('0' + i));
  return names;
}
std::string with_ellipsis(std::string names, int count) {
  const std::size_t at = names.find('@');
  return at == std::string::npos ? names : names.replace(at, 1, ellipsis_names(count));
}

}  // namespace

Variable einsum(std::string_view subscripts, const VariableList& xs) {
  Parsed parsed = parse(subscripts);
  if (parsed.inputs.size() != xs.size())
    throw Error(
        fmt::format("einsum: there must be one input for each term of \"{}\", but there are {}",
                    subscripts, xs.size()));
  std::vector<Operand> terms;
  int most = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const std::string& names = parsed.inputs[i];
    const int letters =
        static_cast<int>(names.size() - static_cast<std::size_t>(std::ranges::count(names, '@')));
    const int more = xs[i].ndim() - letters;
    Check("einsum", {{"x", xs[i]}, {"the first input", xs[0]}}).floats();
    if (more < 0 || (more > 0 && letters == static_cast<int>(names.size())))
      Check("einsum", {{"x", xs[i]}})
          .fail(fmt::format("each axis must have a letter in term {} of \"{}\"", i, subscripts));
    most = std::max(most, letters < static_cast<int>(names.size()) ? more : 0);
    terms.push_back({xs[i], with_ellipsis(names, more)});
  }
  if (most > 0 && parsed.output.find('@') == std::string::npos)
    fail(subscripts,
         fmt::format("\"...\" stands for {} axes and must also occur after \"->\"", most));
  const std::string output = with_ellipsis(parsed.output, most);

  // The length of each axis, and those axes that are 1 here and longer there.
  std::string stretched;
  std::int64_t lengths[128];
  std::fill_n(lengths, 128, -1);
  for (const Operand& term : terms)
    for (int axis = 0; axis < term.x.ndim(); ++axis) {
      const char name = term.axes[static_cast<std::size_t>(axis)];
      std::int64_t& known = lengths[static_cast<int>(name)];
      const std::int64_t length = term.x.length(axis);
      const std::int64_t here = term.length(name);  // of the first such axis of this term
      for (const std::int64_t other : {here, known})
        if (other >= 0 && other != length && (other == here || (other != 1 && length != 1)))
          Check("einsum", {{"x", term.x}})
              .fail(fmt::format(
                  "axes with the same letter must have the same length in \"{}\", unlike {} and {}",
                  subscripts, other, length));
      if (known >= 0 && known != length) stretched.push_back(name);
      known = known < 0 || known == 1 ? length : known;
    }

  const auto wanted_after = [&](std::size_t i) {
    std::string names = output;
    for (std::size_t later = i + 1; later < terms.size(); ++later) names += terms[later].axes;
    return names;
  };
  for (Operand& term : terms) term = without_repeats(term);
  Operand result;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const std::string later = wanted_after(i);
    const Operand term = reduced_to(terms[i], i == 0 ? later : later + result.axes, stretched);
    result = i == 0 ? term : product(result, term, later);
  }
  return ordered(result, output);
}

Variable einsum(const std::vector<EinsumTerm>& terms, const std::optional<AxisNames>& output) {
  // In the order of the alphabet, upper case first, so that the axes of a result without `output`
  // are in the order of their numbers.
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const auto letters = [&](const AxisNames& axes) {
    std::string text;
    for (const AxisNames::Name& name : axes.names()) {
      if (name.number < -1 || name.number >= static_cast<int>(kLetters.size()))
        throw Error(fmt::format("einsum: the names of axes must lie in [0, 52), but one is {}",
                                name.number));
      if (name.number == -1)
        text += "...";
      else
        text.push_back(kLetters[static_cast<std::size_t>(name.number)]);
    }
    return text;
  };
  std::string subscripts;
  Variables xs;
  for (const EinsumTerm& term : terms) {
    if (!xs.empty()) subscripts.push_back(',');
    subscripts += letters(term.axes);
    xs.push_back(term.x);
  }
  if (output) {
    subscripts += "->";
    subscripts += letters(*output);
  }
  return einsum(subscripts, xs);
}

Variable tensordot(const Variable& a, const Variable& b, int axes) {
  if (axes < 0 || axes > a.ndim() || axes > b.ndim())
    Check("tensordot", {{"a", a}, {"b", b}})
        .fail(fmt::format("both must have {} axes to sum over", axes));
  if (axes > 0) {
    std::vector<int> last, first;
    for (int i = 0; i < axes; ++i) last.push_back(a.ndim() - axes + i), first.push_back(i);
    return tensordot(a, b, Axes(last), Axes(first));
  }
  Shape shape = a.shape();
  for (const std::int64_t length : b.shape()) shape.push_back(length);
  return reshape(matmul(reshape(a, {a.size(), 1}), reshape(b, {1, b.size()})), shape);
}

Variable tensordot(const Variable& a, const Variable& b, const Axes& a_axes, const Axes& b_axes) {
  Check("tensordot", {{"a", a}, {"b", b}})
      .floats()
      .that(!a_axes.all() && !b_axes.all() && a_axes.size() == b_axes.size(),
            "equally many axes of a and b must be listed");
  // The axes that stay, those that are summed over, and how many elements each have.
  struct Split {
    std::vector<int> kept, summed;
    std::int64_t outer = 1, inner = 1;
  };
  const auto split = [](const Variable& x, const Axes& axes) {
    const Axes::Flags flags = axes.flags("tensordot", x.ndim());
    Split s;
    for (int i = 0; i < x.ndim(); ++i)
      if (!flags[i]) s.kept.push_back(i), s.outer *= x.length(i);
    for (const int i : axes)
      s.summed.push_back(normalize_axis("tensordot", i, x.ndim())),
          s.inner *= x.length(s.summed.back());
    return s;
  };
  Split l = split(a, a_axes), r = split(b, b_axes);
  Shape shape;
  for (const int i : l.kept) shape.push_back(a.length(i));
  for (const int i : r.kept) shape.push_back(b.length(i));
  for (std::size_t i = 0; i < l.summed.size(); ++i)
    Check("tensordot", {{"a", a}, {"b", b}})
        .that(a.length(l.summed[i]) == b.length(r.summed[i]),
              "axes that are summed together must have equal lengths");
  l.kept.insert(l.kept.end(), l.summed.begin(), l.summed.end());
  r.summed.insert(r.summed.end(), r.kept.begin(), r.kept.end());
  return reshape(matmul(reshape(transpose(a, Axes(l.kept)), {l.outer, l.inner}),
                        reshape(transpose(b, Axes(r.summed)), {r.inner, r.outer})),
                 shape);
}

}  // namespace autograd::inline functions

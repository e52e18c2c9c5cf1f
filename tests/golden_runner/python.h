#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/golden_runner/value.h"

namespace golden {

// A Python expression, as the manifest writes how a link was made or a loss computed:
// "L.Linear(6, 3, nobias=True)", "F.mean((x - F.sigmoid(y)) ** 2)".
struct Expression {
  enum class Kind {
    name,       // text
    literal,    // value: a number, a text, True, False, None
    list,       // parts; text is ] for a list, ) for a tuple, } for a dictionary, whose keys and
                // values stand by turns
    attribute,  // parts[0].text
    call,       // parts[0](parts[1], ...); the last keywords.size() of the parts are the keywords'
                // values
    subscript,  // parts[0][parts[1]]
    unary,      // text is -
    binary,     // parts[0] text parts[1]; text is one of + - * / // ** @
  };
  Kind kind = Kind::literal;
  std::string text;
  Value value;
  std::vector<Expression> parts;
  std::vector<std::string> keywords;

  // Of a call: the name of what is called, after the last dot.
  const std::string& callee() const { return parts.at(0).text; }
  std::size_t positional() const { return parts.size() - 1 - keywords.size(); }
  // Of a call: the argument of that name, or that number; null if it is not there.
  const Expression* keyword(std::string_view name) const;
  const Expression* argument(std::size_t position, std::string_view name) const;
};

Expression parse_python(std::string_view text);

// The value of an expression made of literals alone.
Value literal(const Expression& e);

}  // namespace golden

#pragma once

namespace autograd {

// Under AddressSanitizer the pools are off: every block is allocated and freed for real, so that
// uses of stale pointers are detected.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kKeepBlocks = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kKeepBlocks = false;
#else
inline constexpr bool kKeepBlocks = true;
#endif
#else
inline constexpr bool kKeepBlocks = true;
#endif

}  // namespace autograd

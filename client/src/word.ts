/**
 * A key or plain value of YAML. It begins with what may begin a name or path, so that suggestions don't follow a dash, a tag or
 * the sign of a block; a colon is in it if more of the word follows, as in `nginx:1.27`.
 */
export const word = /[^\s`~!@#$%^&*()=+[{\]}\\|;:'",<>?-](?:[^\s,[\]{}"':]|:(?=[^\s,[\]{}"']))*/;
